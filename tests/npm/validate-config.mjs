// Compares what a JSON Schema says of documents with what it should say: node validate-config.mjs SCHEMA CASES
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const [schemaPath, casesPath] = process.argv.slice(2);
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(schemaPath, 'utf8')));
const cases = JSON.parse(readFileSync(casesPath, 'utf8'));
const wrong = [];
for (const { name, valid, document } of cases) {
  const found = validate(document);
  if (found !== valid) wrong.push({ name, valid: found, errors: (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`) });
}
console.log(JSON.stringify({ checked: cases.length, wrong }));
