// Saves each answer as it is given. Without this script the page's own buttons do the same.
// "Saved" is only said after the server answered, and it answers after its commit.

const form = document.querySelector("form[data-quiz]");
const token = form?.querySelector("[name=csrf_token]").value;
const waiting = new Map();
const PAUSE = 500;

function say(fieldset, state, words) {
  const mark = fieldset.querySelector(".save");
  mark.className = `save ${state}`;
  if (words) mark.querySelector(`.when-${state}`).textContent = words;
}

async function send(fieldset, turn) {
  const position = fieldset.id.slice(1);
  const body = new URLSearchParams();
  for (const input of fieldset.querySelectorAll("input")) {
    if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
    body.append(input.name, input.value);
  }
  say(fieldset, "saving");
  try {
    const answer = await fetch(`${form.dataset.quiz}/answers/${position}`, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    const said = await answer.json().catch(() => ({}));
    if (waiting.get(fieldset) !== turn) return; // a newer answer is on its way
    if (answer.ok && said.saved) say(fieldset, "saved", said.saved);
    else say(fieldset, "unsaved", said.message);
    if (!answer.ok && answer.status >= 500) retry(fieldset);
  } catch {
    if (waiting.get(fieldset) !== turn) return;
    say(fieldset, "unsaved");
    retry(fieldset);
  }
}

// One request at a time and question, in the order of the answers: the last one given is the last one sent.
const queues = new Map();
function queue(fieldset, pause) {
  const turn = Symbol();
  waiting.set(fieldset, turn);
  say(fieldset, "saving");
  const before = queues.get(fieldset) ?? Promise.resolve();
  const after = new Promise((done) => setTimeout(done, pause));
  queues.set(fieldset, Promise.all([before, after]).then(() => waiting.get(fieldset) === turn && send(fieldset, turn)));
}

function retry(fieldset) {
  setTimeout(() => queue(fieldset, 0), 4000);
}

form?.addEventListener("input", (event) => {
  const fieldset = event.target.closest("fieldset");
  if (fieldset) queue(fieldset, event.target.type === "text" ? PAUSE : 0);
});
addEventListener("online", () => {
  for (const mark of form?.querySelectorAll(".save.unsaved") ?? []) queue(mark.closest("fieldset"), 0);
});
addEventListener("beforeunload", (event) => {
  if (!form?.dataset.sent && form?.querySelector(".save.unsaved, .save.saving")) event.preventDefault();
});
form?.addEventListener("submit", () => { form.dataset.sent = "yes"; });

// What was answered before this script arrived, on a slow line, or put back by the browser after a crash.
for (const input of form?.querySelectorAll("fieldset input:enabled") ?? []) {
  if (input.checked !== input.defaultChecked || input.value !== input.defaultValue) queue(input.closest("fieldset"), 0);
}
