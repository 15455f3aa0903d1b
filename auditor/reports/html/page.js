// Finds units and requirements by their words, opens what a link leads to, and unfolds everything for paper.
// The page is whole without it.
(() => {
  "use strict";
  const finder = document.getElementById("finder");
  const text = document.getElementById("find");
  const rating = document.getElementById("of-rating");
  const found = document.getElementById("found");
  const foldable = () => document.querySelectorAll("details.find");
  const words = new Map();
  const wordsOf = (each) => {
    if (!words.has(each)) words.set(each, each.textContent.toLowerCase());
    return words.get(each);
  };

  const show = () => {
    const wanted = text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let units = 0, all = 0;
    for (const each of document.querySelectorAll(".find")) {
      const own = each.dataset.rating;
      const fits = (!rating.value || !own || own === rating.value) && wanted.every((word) => wordsOf(each).includes(word));
      each.hidden = !fits;
      if (each.matches("details.unit")) { all += 1; units += fits ? 1 : 0; }
    }
    const says = found.dataset.found.replace("#", String(units)).replace("@", String(all));
    found.textContent = wanted.length || rating.value ? says : "";
  };

  const open = (id) => {
    let each = id && document.getElementById(id);
    const target = each;
    for (; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) { target.hidden = false; target.scrollIntoView(); }
  };

  let waiting;
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
  rating.addEventListener("change", show);
  document.getElementById("open-all").addEventListener("click", () => { for (const each of foldable()) each.open = !each.hidden || each.open; });
  document.getElementById("close-all").addEventListener("click", () => { for (const each of foldable()) each.open = false; });
  addEventListener("hashchange", () => open(decodeURIComponent(location.hash.slice(1))));
  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest('a[href^="#"]') : null;
    if (link && link.hash === location.hash) open(link.hash.slice(1));
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")].filter((each) => !each.closest("[hidden]"));
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of opened) each.open = false; opened = []; });

  finder.hidden = false;
  open(location.hash.slice(1));
})();
