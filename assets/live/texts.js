import en from "$/public/external/rxapp/texts/var/en.json";
export function t(key, params) { return (en[key] ?? key).replace(/\{(\w+)\}/g, (_, n) => params?.[n] ?? ""); }
