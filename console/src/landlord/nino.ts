/** National Insurance numbers as people type them. What is suggested is only ever suggested. */

// Which letters HMRC issues where; QQ is for documentation.
const ISSUED = /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/;
const DOCUMENTATION = /^QQ[0-9]{6}[A-D]$/;
const LOOK_ALIKES = ["0O", "1IL"];

/** The number that was probably meant, where O and 0, or 1, I and L, were mixed up. Null if there is nothing to ask. */
export function meant(typed: string): string | null {
  const given = bare(typed);
  if (given.length !== 9 || isNino(given)) return null;
  const found = spellings(given).filter(isNino);
  return found.length === 1 && found[0] !== undefined ? found[0] : null;
}

/** Whether HMRC could have issued this. */
export function isNino(given: string): boolean {
  return ISSUED.test(given) || DOCUMENTATION.test(given);
}

/** As it is printed: QQ 12 34 56 C. */
export function spaced(nino: string): string {
  return nino.replace(/^(..)(..)(..)(..)(.)$/, "$1 $2 $3 $4 $5");
}

function bare(typed: string): string {
  return typed.replace(/[\s.-]/g, "").toUpperCase();
}

/** All that one may have meant who mixes up what looks alike. */
function spellings(given: string): string[] {
  let found = [""];
  for (const letter of given) {
    const alike = LOOK_ALIKES.find((group) => group.includes(letter)) ?? letter;
    found = found.flatMap((before) => [...alike].map((each) => before + each));
  }
  return found;
}
