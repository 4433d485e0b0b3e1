// A list of lines of one height, of which only the visible ones are elements. The arrow keys move the active line.
import { element } from "../dom";

const spare = 4; // lines beyond the edges

export interface Line {
  readonly root: HTMLElement;
  draw(index: number, is_active: boolean): void;
}

export interface LineListOptions {
  readonly height: () => number; // pixels of a line
  readonly make: () => Line;
  readonly moved: () => void; // it was scrolled, resized, or another line is active: draw soon
  readonly open: (index: number) => void; // Enter, or a press on a line
}

export class LineList {
  readonly root = element("div", "list");
  active = -1;
  private readonly room = element("div", "room"); // as high as all lines together
  private readonly lines: Line[] = [];
  private sight = { top: 0, height: 0 }; // pixels
  private count = 0;

  constructor(private readonly options: LineListOptions) {
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "rowgroup");
    this.root.append(this.room);
    this.root.addEventListener("scroll", () => this.look(), { passive: true });
    this.root.addEventListener("keydown", (event) => this.on_key(event));
    this.root.addEventListener("click", (event) => this.on_click(event));
    new ResizeObserver(() => this.look()).observe(this.root);
  }

  // The last visible line.
  end_of_sight(): number {
    return Math.ceil((this.sight.top + this.sight.height) / this.options.height());
  }

  // Reading the layout while drawing would force it.
  look(): void {
    this.sight = { top: this.root.scrollTop, height: this.root.clientHeight };
    this.options.moved();
  }

  to_top(): void {
    this.root.scrollTop = 0;
    this.active = -1;
  }

  draw(count: number): void {
    this.count = count;
    const height = this.options.height();
    const room = `${count * height}px`;
    if (this.room.style.height !== room) this.room.style.height = room;
    const first = Math.max(0, Math.floor(this.sight.top / height) - spare);
    const last = Math.min(count, this.end_of_sight() + spare);
    while (this.lines.length < last - first) {
      const line = this.options.make();
      this.lines.push(line);
      this.room.append(line.root);
    }
    this.lines.forEach((line, i) => {
      const index = first + i;
      line.root.hidden = index >= last;
      if (line.root.hidden) return;
      const place = `translateY(${index * height}px)`;
      if (line.root.style.transform !== place) line.root.style.transform = place;
      line.root.dataset.index = String(index);
      line.root.setAttribute("aria-rowindex", String(index + 2));
      line.root.classList.toggle("active", index === this.active);
      line.draw(index, index === this.active);
    });
  }

  step(by: number): void {
    this.activate(this.active < 0 ? 0 : this.active + by);
  }

  private activate(index: number): void {
    if (this.count === 0) return;
    this.active = Math.min(this.count - 1, Math.max(0, index));
    const height = this.options.height();
    const top = this.active * height;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    const bottom = top + height - this.root.clientHeight;
    if (bottom > this.root.scrollTop) this.root.scrollTop = bottom;
    this.options.moved();
  }

  private on_key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.options.height()) - 1);
    const at = Math.max(0, this.active);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.activate(this.active < 0 && event.key.startsWith("Arrow") ? 0 : to);
  }

  private on_click(event: MouseEvent): void {
    const line = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.active = Number(line.dataset.index);
    this.options.open(this.active);
  }
}
