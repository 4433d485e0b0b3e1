// A view that is fetched when it is first opened, so that the page itself stays small.
import { element } from "../dom";
import type { View } from "./view";

const tried_again_after = 2_000; // milliseconds, while the server is gone

export class Later implements View {
  readonly root = element("div", "view");
  readonly needs_data = false;
  private view: View | null = null;
  private is_loading = false;
  private next_try = 0; // milliseconds of performance.now()

  constructor(private readonly name: string, private readonly load: () => Promise<View>, private readonly on_loaded: () => void) {}

  title(): string {
    return this.name;
  }

  opened(): void {
    if (this.view) return this.view.opened?.();
    if (this.is_loading) return;
    this.is_loading = true;
    this.load().then(
      (view) => {
        this.view = view;
        this.root.replaceChildren(view.root);
        view.opened?.();
        this.on_loaded();
      },
      () => {
        this.is_loading = false;
        this.next_try = performance.now() + tried_again_after;
        this.root.replaceChildren(element("p", "empty", `${this.name} comes as soon as the server does.`));
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
