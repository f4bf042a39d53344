// What this browser's person has looked at: by service, the version that was on the screen.
const key = (run, service) => `hive.look.${run}.${service}`;

function known(run, service) {
  try { return JSON.parse(localStorage.getItem(key(run, service)) || "null"); } catch { return null; }
}

// `new`, `changed`, `seen`, or nothing where there is no diff.
export function look(run, task) {
  if (!task.diff) return "";
  const last = known(run, task.service);
  if (!last) return "new";
  return last.diff === task.diff ? "seen" : "changed";
}

// The version before the one that is shown now; null where nothing has changed since.
export function before(run, task) {
  const last = known(run, task.service);
  if (!last || !task.diff) return null;
  return last.diff === task.diff ? last.before || null : last.commit;
}

export function looked(run, task) {
  const last = known(run, task.service);
  if (!task.diff || !task.commit || last?.diff === task.diff) return;
  localStorage.setItem(key(run, task.service), JSON.stringify({ diff: task.diff, commit: task.commit, before: last?.commit || null }));
}
