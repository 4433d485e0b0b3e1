// Makes src/contract.ts from contract/schema: the types of Tidemark's messages, and how a row is validated.
//
//     npm run types
//
// src/contract.ts is in the repository, so that the page can be built alone; `npm test` reports when it is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";

const schemas = new URL("../contract/schema/", import.meta.url);

export function make_types() {
  const trend = without_indicators(read("trend.schema.json"));
  const letter = read("dead_letter.schema.json");
  const { schemas: told } = read("openapi.yaml").components;
  return [
    "// Made by `npm run types` from contract/schema; do not edit.\n",
    "// How a field of a row is validated: a kind of value (with a ? also null), or one of some words.",
    `export const trend_fields = {\n${each(trend, ([name, field]) => `  ${name}: ${kind(field)},`)}\n} as const;\n`,
    "// The contract makes some fields optional for readers; this page requires all of them.",
    type("TrendRow", trend, () => true),
    type("DeadLetter", letter),
    "// The numbers are the received text, so that no digit is lost.",
    `${comment(told.Bar)}\nexport type BarTuple = ${type_of(told.Bar).replaceAll("number", "string")};\n`,
    ...["Status", "Snapshot", "Part", "Resumed", "Trends", "StatusMessage", "Replay", "ReplayMessage"].map((name) => type(name_of(name), told[name])),
    `export type Message = ${["Snapshot", "Part", "Resumed", "Trends", "StatusMessage", "ReplayMessage"].join(" | ")};\n`,
  ].join("\n");
}

// Types with another name here, or plain values.
const names = {
  "trend.schema.json": "TrendRow",
  Bar: "BarTuple",
  Replay: "ReplayState",
  Count: "number",
  Time: "string",
  ReplaySpeed: 'number | "max"',
};

function name_of(schema) {
  return names[schema] ?? schema;
}

function read(file) {
  return parse(readFileSync(new URL(file, schemas), "utf8")); // JSON is YAML
}

// Rows of the server have none yet: `tidemark trends --indicators` alone writes them.
function without_indicators(schema) {
  const fields = Object.entries(schema.properties);
  return { ...schema, properties: Object.fromEntries(fields.slice(0, fields.findIndex(([name]) => name === "step"))) };
}

function each({ properties }, write) {
  return Object.entries(properties).map(write).join("\n");
}

function type(name, schema, is_there = (field) => schema.required.includes(field)) {
  const field = ([field_name, field]) => `  ${field_name}${is_there(field_name) ? "" : "?"}: ${type_of(field)}; ${comment(field)}`.trimEnd();
  return `${comment(schema)}\nexport interface ${name} {\n${each(schema, field)}\n}\n`.trimStart();
}

function comment({ description }) {
  return description ? `// ${summary(description)}` : "";
}

function type_of(field) {
  if (field.$ref) return name_of(field.$ref.split("/").at(-1));
  if ("const" in field) return JSON.stringify(field.const);
  if (field.enum) return field.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (field.oneOf) return field.oneOf.map(type_of).join(" | ");
  if (field.prefixItems) return `[${field.prefixItems.map(type_of).join(", ")}]`;
  if (field.type === "array") return `${type_of(field.items)}[]`;
  if (field.type === "object") return `{ ${Object.entries(field.properties).map(([name, inner]) => `${name}${field.required.includes(name) ? "" : "?"}: ${type_of(inner)}`).join("; ")} }`;
  return [field.type].flat().map((one) => (one === "integer" ? "number" : one)).join(" | ");
}

function kind(field) {
  if (field.enum) return `[${field.enum.map((word) => JSON.stringify(word)).join(", ")}]`;
  const [first, ...others] = [field.type].flat();
  const is_time = field.pattern?.includes("[0-9]{2}:[0-9]{2}:[0-9]{2}");
  return JSON.stringify(`${is_time ? "time" : first === "integer" ? "number" : first}${others.includes("null") ? "?" : ""}`);
}

// The first sentence of a description.
function summary(description) {
  return description.split(/(?<=[.;]) /)[0].replace(/[.;]$/, "");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(new URL("src/contract.ts", import.meta.url), make_types());
