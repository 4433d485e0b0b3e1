// The colours of the charts, read from the style sheet so that both always have the same theme.
export interface Ink {
  text: string;
  faint: string;
  grid: string;
  line: string;
  open_zone: string;
  panel: string;
  bullish: string;
  bearish: string;
  series: string[];
}

export const most_series = 8;

export const ink: Ink = {
  text: "", faint: "", grid: "", line: "", open_zone: "", panel: "", bullish: "", bearish: "", series: [],
};

// Reads the colours again. Call it after a change of theme, then draw.
export function refresh_ink(): void {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  ink.text = read("ink-2");
  ink.faint = read("ink-3");
  ink.grid = read("grid");
  ink.line = read("line-strong");
  ink.open_zone = read("open-zone");
  ink.panel = read("panel");
  ink.bullish = read("bullish");
  ink.bearish = read("bearish");
  ink.series = Array.from({ length: most_series }, (_, i) => read(`series-${i + 1}`));
}

// `color` as #rrggbb with an opacity.
export function faded(color: string, opacity: number): string {
  return color + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
