// The line for a first visit: what a window, a signal and buy pressure are. Whoever closes it does not see it again.
import { element } from "./dom";
import { clause_address } from "./words";

const key = "tidemark-intro";

export function intro(): HTMLElement | null {
  if (is_known()) return null;
  const close = element("button", "quiet", "Got it");
  close.type = "button";
  const line = element(
    "aside",
    "intro",
    element(
      "p",
      "",
      "Each line is a symbol. Its last five minutes of bars are a ",
      link("window", "3.1"),
      "; a new one begins every minute. The ",
      link("signal", "4.5"),
      " says where the window's average close lies between its lowest and highest: high is bullish, low bearish. ",
      link("Buy pressure", "4"),
      " is the share of its bars that went up.",
    ),
    close,
  );
  line.setAttribute("aria-label", "What you see");
  close.addEventListener("click", () => {
    remember();
    line.remove();
  });
  return line;
}

function link(text: string, clause: string): HTMLElement {
  const made = element("a", "", text);
  made.href = clause_address(clause);
  return made;
}

function is_known(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(key, "closed");
  } catch {
    // Closed as long as the page.
  }
}
