// A chart as a PNG file: its canvas on the page's ground, under a line that says what it is.
import { save_file } from "../csv";

const margin = 12; // pixels
const line = 26;

export function save_picture(name: string, chart: HTMLCanvasElement, sentence: string): void {
  const scale = devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width + 2 * margin * scale;
  canvas.height = chart.height + (2 * margin + line) * scale;
  const context = canvas.getContext("2d")!;
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart, margin * scale, (margin + line) * scale);
  context.fillStyle = style.getPropertyValue("--ink");
  context.font = `${14 * scale}px ${style.fontFamily}`;
  context.textBaseline = "middle";
  context.fillText(sentence, margin * scale, (margin + line / 2 - 2) * scale);
  canvas.toBlob((blob) => blob && save_file(`${name}.png`, blob));
}
