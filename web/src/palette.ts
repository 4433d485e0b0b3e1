// The command palette, opened by Ctrl K: symbols, views, ranges and actions by typing. Loaded when it is first opened.
import { commands_of, found, type Command, type Doings } from "./commands";
import { element } from "./dom";

export class Palette {
  private readonly dialog = element("dialog", "palette");
  private readonly input = element("input");
  private readonly list = element("ul");
  private readonly commands: readonly Command[];
  private shown: Command[] = [];
  private at = 0;

  constructor(private readonly doings: Doings, private readonly symbols: () => readonly string[]) {
    this.commands = commands_of(doings);
    this.list.id = "palette-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Commands");
    Object.assign(this.input, { type: "text", placeholder: "A symbol, a view, a range, an action", autocomplete: "off", spellcheck: false });
    for (const [name, value] of [["role", "combobox"], ["aria-label", "Command"], ["aria-expanded", "true"], ["aria-controls", this.list.id], ["aria-autocomplete", "list"]]) this.input.setAttribute(name!, value!);
    this.input.addEventListener("input", () => this.fill());
    this.input.addEventListener("keydown", (event) => this.on_key(event));
    this.list.addEventListener("click", (event) => {
      const item = (event.target as HTMLElement).closest("li");
      if (item) this.run(this.shown[[...this.list.children].indexOf(item)]);
    });
    this.dialog.setAttribute("aria-label", "Commands");
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.append(this.input, this.list);
    document.body.append(this.dialog);
  }

  open(): void {
    this.input.value = "";
    this.fill();
    this.dialog.showModal();
    this.input.focus();
  }

  private fill(): void {
    this.shown = found(this.commands, this.symbols(), this.input.value, this.doings.go);
    this.at = 0;
    this.list.replaceChildren(...this.shown.map(({ group, name, key }, i) => {
      const item = element("li", "", element("span", "", name), element("small", "", group), ...(key ? [element("kbd", "", key)] : []));
      item.id = `command-${i}`;
      item.setAttribute("role", "option");
      return item;
    }));
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.at)));
    const item = this.list.children[this.at];
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  private on_key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.at = (this.at + step + this.shown.length) % Math.max(1, this.shown.length);
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.run(this.shown[this.at]);
    } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.dialog.close();
    }
  }

  private run(command: Command | undefined): void {
    if (!command) return;
    this.dialog.close();
    command.run();
  }
}
