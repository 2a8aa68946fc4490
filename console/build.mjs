// One file for each page, readable as it is: what is served is committed, so that `make run` needs no node.
import { build } from "esbuild";

await build({
  entryPoints: { staff: "src/staff.ts", landlord: "src/landlord.ts" },
  outdir: "site/built",
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "inline",
});
