// A link to another place in the app, without loading it anew.
import { createElement as h } from "react";
import { Link } from "react-router";

export function NavLink({ to, children, ...props }) {
  return h(Link, { to, ...props }, children);
}
