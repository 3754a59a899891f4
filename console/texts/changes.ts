/** A piece of two texts: in both, only in the former, or only in the latter. */
export interface Change {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

/** What changed from one text to the other, word by word. */
export function changes(before: string, after: string): readonly Change[] {
  const one = wordsOf(before);
  const other = wordsOf(after);
  // Longest common sequence, from the end: lengths[i][j] of one[i…] and other[j…].
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        one[i] === other[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const found: { kind: Change["kind"]; text: string }[] = [];
  const add = (kind: Change["kind"], text: string) => {
    const last = found.at(-1);
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) add("same", one[(j++, i++)]!);
    else if (j === other.length || (i < one.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) add("gone", one[i++]!);
    else add("new", other[j++]!);
  }
  return found;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
