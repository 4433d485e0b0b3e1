// The replay of a stored day: starts it on the server, controls it, and keeps its state.
//
//     enter ──▶ POST /api/v1/replays ──▶ its own stream and numbers below /api/v1/replays/ID, in place of the live ones
//     leave ──▶ the live ones again
import { as_json } from "./line";
import { to_seconds, type ReplayState } from "./protocol";

export type Speed = number | "max";
export const speeds: readonly Speed[] = [1, 10, 60, 300, 1_800, "max"];

interface Needs {
  ask: (path: string, init?: RequestInit) => Promise<string>;
  moved: () => void; // the source has changed: everything received so far is void
  draw_soon: () => void;
}

const live = "/api/v1";

export class Replay {
  state: ReplayState | null = null; // the server's latest state; null: the page shows the live run
  days: readonly string[] | null = null; // newest first; null: not requested yet
  sentence = ""; // the error message; empty if there is none
  private wanted: { day: string; at: string | null; speed: Speed; play: boolean } | null = null;

  constructor(private readonly needs: Needs) {}

  // The base path of the page's numbers.
  base(): string {
    return this.state ? `${live}/replays/${this.state.id}` : live;
  }

  is_on(): boolean {
    return this.wanted !== null;
  }

  day(): string | null {
    return this.wanted?.day ?? null;
  }

  // The market's clock in seconds; null before it is known.
  time(): number | null {
    return this.state?.time ? to_seconds(this.state.time) : null;
  }

  async look_for_days(): Promise<void> {
    await this.attempt(async () => {
      const { days } = JSON.parse(await this.needs.ask(`${live}/replays`)) as { days: string[] };
      this.days = days.reverse();
    });
  }

  async enter(day: string, { at = null, speed = 60, play = true }: { at?: string | null; speed?: Speed; play?: boolean } = {}): Promise<void> {
    const before = this.state?.id;
    this.wanted = { day, at, speed, play };
    this.state = null;
    try {
      await this.begin();
    } catch {
      this.needs.moved(); // dialing retries until the server is there
    }
    if (before) void this.post(`/${before}`, { end: true });
  }

  leave(): void {
    const { state } = this;
    this.wanted = this.state = null;
    this.sentence = "";
    if (!state) return;
    void this.post(`/${state.id}`, { end: true });
    this.needs.moved();
  }

  hear(state: ReplayState): void {
    if (state.id !== this.state?.id) return;
    this.state = state;
    if (state.phase === "failed") this.sentence = `${state.error ?? "the day cannot be replayed"}.`;
    if (this.wanted) Object.assign(this.wanted, { at: state.time ?? this.wanted.at, speed: state.speed, play: state.phase === "playing" });
  }

  // Called before the page dials again. A restarted server does not know this replay, so it is started where it was.
  async ensure(): Promise<void> {
    if (!this.wanted) return;
    if (this.state) {
      const { replays } = JSON.parse(await this.needs.ask(`${live}/replays`)) as { replays: ReplayState[] };
      if (replays.some(({ id }) => id === this.state?.id)) return;
    }
    await this.begin();
  }

  toggle(): void {
    const { state } = this;
    if (state?.phase === "ended" && state.begin) this.change({ to: state.begin, play: true });
    else this.change({ play: state?.phase !== "playing" });
  }

  step(): void {
    this.change({ step: 1 });
  }

  set_speed(speed: Speed): void {
    this.change({ speed });
  }

  seek(seconds: number): void {
    this.change({ to: new Date(seconds * 1000).toISOString() });
  }

  private change(change: object): void {
    if (this.state) void this.attempt(() => this.post(`/${this.state!.id}`, change));
  }

  private async begin(): Promise<void> {
    const { wanted } = this;
    if (!wanted) return;
    const { day, at, speed, play } = wanted;
    try {
      const state = JSON.parse(await this.post("", { day, speed, play, ...(at ? { to: at } : {}) })) as ReplayState;
      if (this.wanted !== wanted) return void this.post(`/${state.id}`, { end: true }); // the user has changed their mind
      this.state = state;
      this.sentence = "";
    } catch (error) {
      if (this.wanted !== wanted) return;
      // An unreachable server may come back; a refusal is final.
      if (error instanceof TypeError) throw error;
      this.wanted = this.state = null;
      this.sentence = `${(error as Error).message}.`;
    }
    this.needs.moved();
  }

  private post(path: string, body: object): Promise<string> {
    return this.needs.ask(`${live}/replays${path}`, as_json(body));
  }

  private async attempt(what: () => Promise<unknown>): Promise<void> {
    try {
      await what();
    } catch (error) {
      this.sentence = `${(error as Error).message}.`;
    }
    this.needs.draw_soon();
  }
}
