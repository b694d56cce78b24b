// Where this tab's person was lately, the latest first: what the quick switcher offers before anything is typed.
const SLOT = "confab.recents.";
const KEPT = 30; // channels

function read(me) {
  try {
    return JSON.parse(localStorage.getItem(SLOT + me) ?? "[]");
  } catch (error) {
    console.warn("The places visited lately cannot be read", error);
    return [];
  }
}

export const recents = {
  list: read,
  note(me, channel) {
    const kept = [channel, ...read(me).filter((id) => id !== channel)].slice(0, KEPT);
    try {
      localStorage.setItem(SLOT + me, JSON.stringify(kept));
    } catch (error) {
      console.warn("The places visited lately cannot be kept", error);
    }
  },
};
