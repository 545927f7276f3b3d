// Likely repeats while one types. Without this script the button "查重" does the same.
"use strict";
(() => {
  const form = document.querySelector("form[data-repeats]");
  const box = document.getElementById("repeats");
  if (!form || !box) return;
  const watched = /^(name|identity_number|phone|item-\d+-description)$/;
  let timer = 0;
  let asked = "";
  const ask = async () => {
    const data = new FormData(form);
    for (const name of ["new_files", "do"]) data.delete(name);
    const now = [...data].filter(([name]) => watched.test(name)).map(([, value]) => value).join("\u0000");
    if (now === asked || now.replaceAll("\u0000", "").trim().length < 2) return;
    asked = now;
    try {
      const answer = await fetch(form.dataset.repeats, { method: "POST", body: data, credentials: "same-origin", redirect: "error" });
      if (answer.ok && asked === now) box.innerHTML = await answer.text();
    } catch {
      asked = "";
    }
  };
  form.addEventListener("input", (event) => {
    if (!watched.test(event.target.name || "")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 700);
  });
})();
