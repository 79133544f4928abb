// Remembers the section a reader has reached, so that they continue there on any device.

const page = document.querySelector("[data-place]");
const headings = [...(page?.querySelectorAll(".prose h2[id]") ?? [])];
const links = new Map([...(page?.querySelectorAll(".contents a") ?? [])].map((a) => [a.hash.slice(1), a]));
const PAUSE = 1500;
let kept = "";
let timer;

function reached() {
  const line = innerHeight * 0.4;
  return headings.filter((heading) => heading.getBoundingClientRect().top < line).at(-1)?.id ?? "";
}

function keep() {
  const anchor = reached();
  if (!anchor || anchor === kept) return;
  kept = anchor;
  fetch(page.dataset.place, {
    method: "POST",
    keepalive: true,
    body: new URLSearchParams({ anchor }),
    headers: { "X-CSRFToken": page.dataset.token, Accept: "application/json" },
  }).catch(() => { kept = ""; });
}

function follow() {
  const anchor = reached();
  for (const [name, link] of links) {
    if (name === anchor) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

if (headings.length) {
  addEventListener("scroll", follow, { passive: true });
  addEventListener("pagehide", () => { if (timer) keep(); });
}
