// A view that is fetched when it is first opened, so that the page itself stays small.
import { element } from "../dom";
import type { View } from "./view";

export class Later implements View {
  readonly root = element("div", "view");
  readonly needs_data = false;
  private view: View | null = null;
  private is_loading = false;

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
        this.is_loading = false; // the server was gone; the next opening tries again
      },
    );
  }

  draw(): void {
    this.view?.draw();
  }

  save(): void {
    this.view?.save?.();
  }

  repaint(): void {
    this.view?.repaint?.();
  }
}
