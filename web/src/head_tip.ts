// The card of a column head: what it means, its formula, the link to the clause. It opens for the pointer and for the
// focus, and stands behind the head in the document, so that Tab reaches its link.
import { element } from "./dom";
import { clause_address, meanings, type Meaning, type Word } from "./words";

const opened_after = 350; // milliseconds under the pointer
const closed_after = 200; // so that the pointer can reach the link
let cards = 0;

// `head` is the cell of the column, `control` the button in it, or the cell itself.
export function explain(head: HTMLElement, control: HTMLElement, word: Word): void {
  const meaning: Meaning = meanings[word];
  const tip = element("span", "head-tip", element("span", "", meaning.what));
  if (meaning.formula) tip.append(element("code", "", meaning.formula));
  if (meaning.clause) {
    const link = element("a", "", `Clause ${meaning.clause} of the contract`);
    link.href = clause_address(meaning.clause);
    tip.append(link);
  }
  tip.id = `tip-${++cards}`;
  tip.popover = "manual";
  tip.setAttribute("role", "note");
  control.setAttribute("aria-describedby", tip.id);
  head.append(tip);
  let timer = 0;
  const later = (act: () => void, milliseconds: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, milliseconds);
  };
  const open = () => {
    const { left, bottom } = control.getBoundingClientRect();
    if (!tip.isConnected) return;
    tip.showPopover();
    tip.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${bottom + 4}px`;
  };
  const close = () => tip.matches(":popover-open") && tip.hidePopover();
  head.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && later(open, opened_after));
  head.addEventListener("pointerleave", () => later(() => head.contains(document.activeElement) || close(), closed_after));
  head.addEventListener("focusin", () => control.matches(":focus-visible") && later(open, 0));
  head.addEventListener("focusout", (event) => head.contains(event.relatedTarget as Node | null) || later(close, 0));
  head.addEventListener("keydown", (event) => event.key === "Escape" && later(close, 0));
  tip.addEventListener("click", (event) => {
    event.stopPropagation();
    close();
  });
}
