// Earlier queries, stored in the browser.
import { element } from "../dom";

const key = "tidemark-questions";
const kept = 50;

export class Past {
  readonly root = element("select", "quiet");
  private questions = remembered();

  constructor(on_choose: (sql: string) => void) {
    this.root.setAttribute("aria-label", "Questions asked before");
    this.root.addEventListener("change", () => {
      const sql = this.questions[Number(this.root.value)];
      if (this.root.value !== "" && sql !== undefined) on_choose(sql);
      this.root.value = "";
    });
    this.fill();
  }

  add(sql: string): void {
    this.questions = [sql, ...this.questions.filter((one) => one !== sql)].slice(0, kept);
    try {
      localStorage.setItem(key, JSON.stringify(this.questions));
    } catch {
      // Kept as long as the page.
    }
    this.fill();
  }

  private fill(): void {
    const title = (sql: string) => sql.replace(/\s+/g, " ").slice(0, 80);
    this.root.replaceChildren(new Option("Asked before", ""), ...this.questions.map((sql, i) => new Option(title(sql), String(i))));
    this.root.disabled = this.questions.length === 0;
  }
}

function remembered(): string[] {
  try {
    const questions: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(questions) ? questions.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
