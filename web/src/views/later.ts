// A view that is loaded when it is first opened, so that the page itself stays small.
import { element } from "../dom";
import type { View } from "./view";

const retry_after = 2_000; // milliseconds, while the server is unreachable

interface Loading<Made> {
  name: string;
  load: () => Promise<Made>;
  on_loaded: () => void;
  needs_data: boolean;
}

export class Later<Made extends View> implements View {
  readonly root = element("div", "view");
  readonly needs_data: boolean;
  view: Made | null = null; // once it is loaded
  private is_loading = false;
  private next_try = 0; // milliseconds of performance.now()

  constructor(private readonly loading: Loading<Made>) {
    this.needs_data = loading.needs_data;
  }

  title(): string {
    return this.loading.name;
  }

  emptiness(): string {
    return this.view?.emptiness?.() ?? "";
  }

  get search(): HTMLInputElement | undefined {
    return this.view?.search;
  }

  step(by: 1 | -1): void {
    this.view?.step?.(by);
  }

  enter(): void {
    this.view?.enter?.();
  }

  opened(): void {
    if (this.view) return this.view.opened?.();
    if (this.is_loading) return;
    this.is_loading = true;
    this.loading.load().then(
      (view) => {
        this.view = view;
        this.root.replaceChildren(view.root);
        view.opened?.();
        this.loading.on_loaded();
      },
      () => {
        this.is_loading = false;
        this.next_try = performance.now() + retry_after;
        this.root.replaceChildren(element("p", "empty", `${this.loading.name} comes as soon as the server does.`));
      },
    );
  }

  draw(): void {
    if (this.view) this.view.draw();
    else if (performance.now() > this.next_try) this.opened();
  }

  save(): void {
    this.view?.save?.();
  }

  repaint(): void {
    this.view?.repaint?.();
  }
}
