// Drafts survive a reload and a lost circuit: they live in this tab's storage and are cleared at sign-out.

const prefix = "playground.";

function read(name) {
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    sessionStorage.setItem(prefix + name, value);
  } catch {
    // Full or forbidden: the page works on, only without memory.
  }
}

function keepDraft(event) {
  const name = event.target?.dataset?.draft;
  if (name) {
    write(name, event.target.value);
  }
}

// Follows the answer as it grows, unless the reader has scrolled up.
function follow(thread) {
  let pinned = true;
  thread.addEventListener("scroll", () => {
    pinned = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  }, { passive: true });
  new MutationObserver(() => {
    if (pinned) {
      thread.scrollTop = thread.scrollHeight;
    }
  }).observe(thread, { childList: true, characterData: true, subtree: true });
}

export function open() {
  // Both survive the page: adding the same listener twice does nothing.
  document.addEventListener("input", keepDraft);
  document.addEventListener("change", keepDraft);
  const thread = document.getElementById("thread");
  if (thread) {
    follow(thread);
  }
  return { message: read("message"), system: read("system"), thread: read("thread") };
}

export function saveThread(json) {
  write("thread", json);
  // What was sent is no draft any more.
  write("message", document.getElementById("message")?.value ?? "");
}
