import { encodeQR } from "qr";

import { svg } from "./dom.js";

/** The squares of a QR code, row by row, true where it is dark; with the margin that readers need around it. */
export const squares = (text: string): boolean[][] => encodeQR(text, "raw", { ecc: "medium", border: 4 });

/** A QR code, dark on white whatever is around it, since not every camera reads it otherwise. `name` is for who can't see it. */
export function qrCode(text: string, name: string): SVGElement {
  const rows = squares(text);
  const dark = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return svg(
    "svg",
    { viewBox: `0 0 ${rows.length} ${rows.length}`, class: "qr", role: "img", "aria-label": name, "shape-rendering": "crispEdges" },
    svg("rect", { width: rows.length, height: rows.length, fill: "#fff" }),
    svg("path", { d: dark, fill: "#000" }),
  );
}
