// node check.mjs FILE: prints what is wrong with an AsyncAPI document, a line each; 1 if anything is.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const wrong = diagnostics.filter(({ severity }) => severity <= 1); // errors and warnings
for (const { code, message, path } of wrong) {
  console.log(`${path.join(".")}: ${message} (${code})`);
}
process.exitCode = document === undefined || wrong.length > 0 ? 1 : 0;
