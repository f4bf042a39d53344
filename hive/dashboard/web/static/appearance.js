// How this browser shows hive: kept here, told to nobody.
import { signal } from "./base.js";

export const THEMES = ["auto", "light", "dark"];
export const DENSITIES = ["comfortable", "compact"];
export const theme = signal(localStorage.getItem("hive.theme") || "auto");
export const density = signal(localStorage.getItem("hive.density") || "comfortable");

export function dress(name) {
  theme.value = name;
  localStorage.setItem("hive.theme", name);
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

export function space(name) {
  density.value = name;
  localStorage.setItem("hive.density", name);
  document.documentElement.dataset.density = name;
}
