// What the page shows, kept in its URL: ?symbols=AAPL,TSLA&scale=price. An absent name means "as the page thinks best".
export type Scale = "price" | "percent";

export interface View {
  symbols: string[] | null;
  scale: Scale | null;
}

export function read_address(search: string): View {
  const query = new URLSearchParams(search);
  const symbols = query.get("symbols")?.split(",").map((symbol) => symbol.trim()).filter(Boolean);
  const scale = query.get("scale");
  return {
    symbols: symbols ? [...new Set(symbols)] : null,
    scale: scale === "price" || scale === "percent" ? scale : null,
  };
}

export function write_address(view: View): string {
  const parts: string[] = [];
  if (view.symbols) parts.push(`symbols=${view.symbols.map(encodeURIComponent).join(",")}`);
  if (view.scale) parts.push(`scale=${view.scale}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
