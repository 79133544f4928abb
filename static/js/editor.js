// The preview follows the typing, and a fault's line number leads to its place. Without this script the buttons do both.

const form = document.querySelector("form[data-editor]");
const source = form?.querySelector("#text");
const preview = form?.querySelector("#preview");
const faults = form?.querySelector("#faults");
const state = form?.querySelector("#editor-state");
const PAUSE = 400;
let timer;
let asked = 0;
let isDirty = false;

function say(name) {
  state.textContent = state.dataset[name];
}

async function render() {
  const turn = ++asked;
  try {
    const answer = await fetch(form.dataset.editor, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const made = await answer.json();
    if (turn !== asked) return; // typed on meanwhile: a newer answer is on its way
    preview.innerHTML = made.html;
    faults.innerHTML = made.faults;
    say("fresh");
  } catch {
    if (turn === asked) say("lost");
  }
}

function changed() {
  isDirty = true;
  say("stale");
  clearTimeout(timer);
  timer = setTimeout(render, PAUSE);
}

// The caret goes to the line, and the line to the middle of the field.
function goTo(number) {
  const lines = source.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[number - 1]?.length ?? 0));
  const height = source.scrollHeight / lines.length;
  source.scrollTop = Math.max(0, height * (number - 1) - source.clientHeight / 2);
}

if (form) {
  source.addEventListener("input", changed);
  faults.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}
