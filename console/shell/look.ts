import bold from "@fontsource/lato/files/lato-latin-700-normal.woff2";
import regular from "@fontsource/lato/files/lato-latin-400-normal.woff2";
import styles from "../styles/console.css";

/**
 * Styles and fonts come within the script: a request for each would start a function more of a cold stack. Lato as on
 * the order form and the invoice: the signs of French, two weights. The others fall to the system's face.
 */
export function applyLook(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [sheet];
  document.fonts.add(new FontFace("Lato", regular, { weight: "400" }));
  document.fonts.add(new FontFace("Lato", bold, { weight: "700" }));
}
