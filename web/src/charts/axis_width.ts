// How wide the axis of a chart is: its usual width, or what its longest label needs.
import type uPlot from "uplot";

const letter = 6.4; // pixels, of a digit of eleven pixels
const beside = 14; // the gap to the plot, and air

export function axis_width(usual: number): uPlot.Axis.Size {
  return (_, labels) => Math.max(usual, ...(labels ?? []).map((label) => label.length * letter + beside));
}
