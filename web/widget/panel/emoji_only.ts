// Messages that are one to three emoji and nothing else are shown large. Pure.

const longest = 80; // UTF-16 units of three families

export function isOnlyEmoji(text: string): boolean {
  if (text.length > longest) return false;
  return /^(?:\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*\s?){1,3}$/u.test(text.trim());
}
