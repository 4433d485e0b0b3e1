// The documented queries (docs/questions.md) as presets of the console: the same text, each run by a test.
import text from "../../docs/questions.md?raw";

export interface Question {
  chapter: string;
  title: string;
  sql: string;
}

// A third-level heading, anything, and the first block of SQL after it.
export function read_questions(markdown: string): Question[] {
  const questions: Question[] = [];
  let chapter = "";
  let title = "";
  for (const part of markdown.matchAll(/^(#{2,3}) (.+)$|^```sql\n([\s\S]*?)\n```$/gm)) {
    if (part[1] === "##") chapter = part[2]!;
    else if (part[1] === "###") title = part[2]!;
    else if (part[3] && title) {
      questions.push({ chapter, title, sql: part[3] });
      title = "";
    }
  }
  return questions;
}

export const questions = read_questions(text);
