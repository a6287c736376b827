/** Copying: <button data-copy="id" hidden> shows itself where there is a clipboard, and copies that field's value. */
import { t } from "./words.js";

export function copying(button, { clipboard, field }) {
  if (!clipboard) return;
  const says = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await clipboard.writeText(field.value);
      button.textContent = t("Copied");
    } catch {
      field.select();
      button.textContent = says;
    }
  });
}
