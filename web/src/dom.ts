// Makes elements without a framework.
type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  class_name = "",
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (class_name) node.className = class_name;
  node.append(...children);
  return node;
}

// Writes only if the text has changed, so that the browser lays out less often.
export function set_text(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function by_id(id: string): HTMLElement {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no element with id ${id}`);
  return node;
}
