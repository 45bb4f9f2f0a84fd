"use strict";
// Without this file the form works too: one answer then counts for all files, and the server says what is too large.
(() => {
  const form = document.querySelector("form[data-limit]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const usual = form.querySelector("select[name=kind]");
  const list = form.querySelector(".chosen");
  const limit = Number(form.dataset.limit);
  const tooLarge = form.querySelector(".too-large");
  input.addEventListener("change", () => {
    const files = Array.from(input.files);
    list.replaceChildren();
    const several = files.length > 1;
    usual.disabled = several;
    usual.closest(".field").hidden = several;
    files.forEach((file, at) => {
      if (!several) return;
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      const kind = usual.cloneNode(true);
      kind.disabled = false;
      kind.id = `kind-${at}`;
      kind.setAttribute("aria-label", `${usual.getAttribute("data-label")}: ${file.name}`);
      kind.removeAttribute("aria-describedby");
      const size = document.createElement("span");
      size.className = "sub";
      size.textContent = file.size < 1048576 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
      row.append(name, kind, size);
      list.append(row);
    });
    tooLarge.hidden = files.reduce((sum, file) => sum + file.size, 0) <= limit;
  });
  form.addEventListener("submit", (event) => { if (!tooLarge.hidden) event.preventDefault(); });
})();
