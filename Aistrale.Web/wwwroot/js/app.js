// Small things that need no round trip. All by delegation, so they work on markup that Blazor adds later.
(() => {
  "use strict";

  const yearSeconds = 31536000;

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    document.cookie = `aistrale-theme=${theme}; path=/; max-age=${yearSeconds}; samesite=lax`;
    markTheme();
  }

  function markTheme() {
    const current = document.documentElement.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
    }
  }

  function announce(text) {
    const region = document.getElementById("announcer");
    if (region) {
      region.textContent = "";
      requestAnimationFrame(() => { region.textContent = text; });
    }
  }

  async function copy(button) {
    const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom)?.textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(source ?? "");
    } catch {
      announce("The browser did not allow copying. Select the text and copy it by hand.");
      return;
    }
    button.dataset.copied = "";
    announce("Copied");
    setTimeout(() => delete button.dataset.copied, 2000);
  }

  document.addEventListener("click", event => {
    const target = event.target instanceof Element ? event.target : null;
    const themeButton = target?.closest("[data-theme-choice]");
    if (themeButton) {
      setTheme(themeButton.dataset.themeChoice);
      return;
    }
    const copyButton = target?.closest("[data-copy], [data-copy-from]");
    if (copyButton) {
      event.stopPropagation();
      copy(copyButton);
      return;
    }
    const skip = target?.closest("[data-skip]");
    if (skip) {
      // With <base href="/"> a bare "#main" would leave the page.
      event.preventDefault();
      document.getElementById("main")?.focus();
      return;
    }
    // A link followed inside an open popover leaves it behind.
    target?.closest("[popover] a[href]")?.closest("[popover]")?.hidePopover?.();
  }, true);

  // Ctrl-Enter in a text area presses the button that it names. "change" first, so that the circuit has the text before the click.
  document.addEventListener("keydown", event => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !(event.target instanceof HTMLElement)) {
      return;
    }
    const id = event.target.dataset.ctrlEnter;
    if (id) {
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
      document.getElementById(id)?.click();
    }
  });

  // The menu with the theme buttons is rendered again when the circuit starts.
  document.addEventListener("toggle", markTheme, true);

  // The server has forgotten the circuit (restart, or too long away): a fresh page is the only way on. Drafts are in session storage.
  document.addEventListener("components-reconnect-state-changed", event => {
    if (event.detail?.state === "rejected") {
      location.reload();
    }
  }, true);

  // <modal-host> around a <dialog>: in the page means open. Taking it out gives the focus back, which a removed dialog forgets.
  customElements.define("modal-host", class extends HTMLElement {
    connectedCallback() {
      this.opener = document.activeElement;
      // The children arrive after this call, in the same turn.
      queueMicrotask(() => {
        const dialog = this.querySelector("dialog");
        dialog?.addEventListener("cancel", event => {
          if (dialog.hasAttribute("data-keep-open")) {
            event.preventDefault();
          }
        });
        dialog?.showModal();
      });
    }

    disconnectedCallback() {
      this.opener?.focus?.();
    }
  });

  // The circuit calls this once it has drawn the page; tests and styles may wait for it.
  window.aistrale = {
    interactive: () => {
      document.documentElement.dataset.interactive = "";
      performance.mark("interactive");
      markTheme();
    },
    hidePopover: element => element?.hidePopover?.(),
    focus: id => document.getElementById(id)?.focus(),
  };
})();
