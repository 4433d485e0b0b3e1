// The width of a chart's axis: its usual width, or what its longest label needs.
import type uPlot from "uplot";

const letter = 6.4; // pixels per digit at eleven pixels
const beside = 14; // the gap to the plot, and some space

export function axis_width(usual: number): uPlot.Axis.Size {
  return (_, labels) => Math.max(usual, ...(labels ?? []).map((label) => label.length * letter + beside));
}
