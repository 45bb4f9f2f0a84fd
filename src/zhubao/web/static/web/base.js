"use strict";
// Pages work without this file; it only makes waiting visible and a second click harmless.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.dataset.once !== undefined) {
    setTimeout(() => { button.disabled = true; }, 0);
  }
});
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLElement && event.target.closest("[data-print]")) window.print();
});
