// A page with an outbox, for the tests: its storage is a file, its server the one of the test.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [storage, server] = process.argv.slice(2);
const kept = new Map(existsSync(storage) ? JSON.parse(readFileSync(storage)) : []);
const save = () => writeFileSync(storage, JSON.stringify([...kept]));

Object.defineProperty(globalThis, "localStorage", {
  value: {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()].sort()[index] ?? null, // in no order of time, as in browsers
    getItem: (name) => kept.get(name) ?? null,
    setItem(name, value) {
      kept.set(name, value);
      save();
    },
    removeItem(name) {
      kept.delete(name);
      save();
    },
  },
});
const fetchFrom = globalThis.fetch;
globalThis.fetch = (path, options) => fetchFrom(new URL(path, server), options);

const { outbox } = await import(new URL("../../assets/live/outbox.js", import.meta.url));
const { store } = await import(new URL("../../assets/live/store.js", import.meta.url));

const commands = {
  wake: (user) => outbox.wake(user),
  post: ({ channel, sources }) => sources.forEach((source) => outbox.post(channel, source)),
  pending: (channel) => outbox.pending(channel),
  shown: (channel) => store.feed(channel).list.map(({ source }) => source),
  again: (key) => outbox.again(key),
  discard: (key) => outbox.discard(key),
  retry: () => outbox.retry(),
  kept: () => [...kept.values()].map((text) => JSON.parse(text).source),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, argument } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(commands[command](argument) ?? null)}\n`);
}
