// Bundles the console into the folder given as argument: one first file, one a page, names with the hash of the content.
// `local.console` runs it, and compresses what it wrote.
import { build } from "esbuild";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = import.meta.dirname;
const target = process.argv[2];

// What the first page needs is one file, and a page more is one more: each request beside another would start one more
// function of a cold stack. esbuild parts modules by the entries that need them, so every page is made to need them all.
const main = join(here, "main.tsx");
const shared = [];
for (const folder of ["components", "shell", "session", "api", "texts"])
  for (const file of await readdir(join(here, folder), { recursive: true }))
    if (/\.tsx?$/.test(file) && !/\.test\.ts$/.test(file)) shared.push(join(here, folder, file));
const oneFirstFile = {
  name: "one-first-file",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\](main|pages[/\\].*)\.tsx$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (path !== main && !text.includes("export default function")) return undefined;
      const needed = [main, ...shared].filter((each) => each !== path).map((each) => `import ${JSON.stringify(each)};`);
      return { contents: [text, ...needed].join("\n"), loader: "tsx" };
    }),
};

const browsers = ["es2022", "chrome109", "firefox115", "safari16.4"];
const styles = await build({
  absWorkingDir: here,
  entryPoints: ["styles/console.css"],
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  target: browsers,
  logLevel: "warning",
});
// The style sheet is a text of the script, which applies it.
const styleText = {
  name: "style-text",
  setup: ({ onLoad }) => onLoad({ filter: /console\.css$/ }, () => ({ contents: styles.outputFiles[0].text, loader: "text" })),
};

const result = await build({
  absWorkingDir: here,
  entryPoints: { console: "main.tsx" },
  outdir: target,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: browsers,
  minify: true,
  metafile: true,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  loader: { ".woff2": "binary" },
  logLevel: "warning",
  plugins: [oneFirstFile, styleText],
});

// What every page needs begins the console too: the entry that only leads to it would be one more request.
const named = (path) => path.split("/").at(-1);
const outputs = Object.entries(result.metafile.outputs);
const [first] = outputs.find(([, output]) => "main.tsx" in output.inputs);
const [entry] = outputs.find(([, output]) => output.entryPoint === "main.tsx");
if (entry !== first) await rm(join(target, named(entry)));
await writeFile(join(target, "index.html"), (await readFile(join(here, "index.html"), "utf8")).replace("{script}", named(first)));

// The licences of what went into the bundle go along with it.
const packages = new Set(
  [...Object.keys(result.metafile.inputs), ...Object.keys(styles.metafile.inputs)]
    .map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean),
);
const licences = await Promise.all(
  [...packages].sort().map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each));
    if (!file) throw new Error(`${name} has no licence to go along`);
    return `${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
  }),
);
await writeFile(join(target, "licences.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));

// Compressed once, in two encodings.
for (const name of await readdir(target)) {
  if (!/\.js$/.test(name)) continue;
  const path = join(target, name);
  const content = await readFile(path);
  await writeFile(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
  await rm(path);
}
