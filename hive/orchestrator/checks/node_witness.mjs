// A reporter for node's test runner that counts tests by itself and seals the results file that it writes.
//
// It runs in the runner's own process; each test file runs in another. Its secret is read, and the file with it removed,
// before any of those begins. A results file that something else has written has no seal.
import { createHash, createHmac } from "node:crypto";
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { junit } from "node:test/reporters";

function open() {
  const place = process.env.HIVE_WITNESS ?? "";
  delete process.env.HIVE_WITNESS;
  try {
    const said = JSON.parse(readFileSync(place, "utf8"));
    unlinkSync(place);
    return said;
  } catch {
    return null;
  }
}

const said = open();
const seen = { passed: 0, failed: 0 };

/** Whether an event is about a file, which node calls a test too; one that ended well proves nothing. */
function isFile({ type, data }) {
  if (!data?.file || data.nesting || type === "test:fail") return false;
  return typeof data.name === "string" && resolve(data.name) === resolve(data.file);
}

async function* counted(source) {
  for await (const event of source) {
    if (isFile(event)) continue;
    const { type, data } = event;
    const test = data?.details?.type !== "suite" && data?.skip === undefined && data?.todo === undefined;
    seen.passed += type === "test:pass" && test;
    seen.failed += type === "test:fail" && test;
    yield event;
  }
}

export default async function* witness(source) {
  const hash = createHash("sha256");
  for await (const text of junit(counted(source))) {
    hash.update(text);
    yield text;
  }
  if (!said) return;
  const words = `${seen.passed} passed, ${seen.failed} failed: ${hash.digest("hex")}`;
  const mac = createHmac("sha256", said.secret).update(words).digest("hex");
  writeFileSync(`${said.results}.seal`, JSON.stringify({ ...seen, mac }));
}
