// node type_in_pdfjs.mjs IN.pdf OUT.png DPI '{"field": "value"}': types values in pdf.js and prints the first page.
import fs from "fs";
import { createCanvas, DOMMatrix, ImageData, Path2D } from "@napi-rs/canvas";

Object.assign(globalThis, { Path2D, DOMMatrix, ImageData });
const pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
const [, , source, target, dpi, values] = process.argv;
const typed = JSON.parse(values);
const pdf = await pdfjs.getDocument({ data: new Uint8Array(fs.readFileSync(source)), disableFontFace: true }).promise;
const page = await pdf.getPage(1);
for (const field of await page.getAnnotations({ intent: "print" })) {
  if (field.fieldName in typed) pdf.annotationStorage.setValue(field.id, { value: typed[field.fieldName] });
}
const viewport = page.getViewport({ scale: dpi / 72 });
const canvas = createCanvas(Math.floor(viewport.width), Math.floor(viewport.height));
const canvasContext = canvas.getContext("2d");
canvasContext.fillStyle = "white";
canvasContext.fillRect(0, 0, canvas.width, canvas.height);
await page.render({
  canvasContext,
  viewport,
  intent: "print",
  annotationMode: pdfjs.AnnotationMode.ENABLE_STORAGE,
  printAnnotationStorage: pdf.annotationStorage.print,
}).promise;
fs.writeFileSync(target, canvas.toBuffer("image/png"));
