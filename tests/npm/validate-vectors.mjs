// Validates every case below a folder against a JSON Schema: node validate-vectors.mjs SCHEMA FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';

const [schemaPath, folder] = process.argv.slice(2);
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(schemaPath, 'utf8')));
const errors = [];
let checked = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  // The schema itself and the keys are JSON too, and no cases.
  if (!('expect' in content) && !('id' in content)) continue;
  checked++;
  if (!validate(content)) errors.push({ file: relative(folder, file), errors: validate.errors.map((e) => `${e.instancePath} ${e.message}`) });
}
console.log(JSON.stringify({ checked, errors }));
