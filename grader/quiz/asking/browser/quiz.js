"use strict";
/* All works without this: letters take a choice, Enter sends a list, ? opens the help. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (at.matches("select") && event.key === "Enter") {
    event.preventDefault();
    at.form.requestSubmit();
    return;
  }
  if (at.matches("select, input[type=text]") || event.key.length > 1) return;
  if (event.key === "?") {
    const help = document.querySelector("details");
    if (help) help.open = !help.open;
    return;
  }
  const choice = document.querySelector(`input[name=choice][value="${CSS.escape(event.key.toLowerCase())}"]`);
  if (choice) {
    choice.focus();
    choice.click();
  }
});
