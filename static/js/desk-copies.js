// What this browser keeps of unsaved work, for when the server cannot be reached or the login is over.
const PREFIX = "desk:";

const key = (user, event) => `${PREFIX}${user}:${event}`;

/** The copy of this person's work on this event: ``{at, fields}`` with ``at`` by the server's clock, or null. */
export function read(user, event) {
  try {
    const copy = JSON.parse(localStorage.getItem(key(user, event)));
    return copy && typeof copy.at === "string" && copy.fields ? copy : null;
  } catch {
    return null;
  }
}

/** Keep ``fields``; says whether the browser took them (it may be full, or forbid it). */
export function write(user, event, at, fields) {
  try {
    localStorage.setItem(key(user, event), JSON.stringify({ at, fields }));
    return true;
  } catch {
    return false;
  }
}

export function forget(user, event) {
  try {
    localStorage.removeItem(key(user, event));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** Everything of everybody: the computer may be somebody else's next. */
export function forgetAll() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
  } catch {
    // As above.
  }
}
