// What HMRC requires by law of the browser in which a person acts. Post it to /api/v1/fraud-contexts at the click:
//   const { id } = await post("/api/v1/fraud-contexts", quarterdayFraudContext());
// What this browser does not tell is left out; the answer's `missing` says so.
function quarterdayFraudContext() {
  const KEY = "quarterday.device_id";

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // The same for everybody who uses this browser, and for good.
  function deviceId() {
    try {
      const known = localStorage.getItem(KEY) || newId();
      localStorage.setItem(KEY, known);
      return known;
    } catch {
      const found = document.cookie.match(/(?:^|; )quarterday_device=([0-9a-f-]{36})/);
      const id = found ? found[1] : newId();
      document.cookie = `quarterday_device=${id}; max-age=34560000; path=/; SameSite=Lax`;
      return id;
    }
  }

  function timezone() {
    const east = -new Date().getTimezoneOffset();
    const two = (n) => String(Math.trunc(n)).padStart(2, "0");
    return `UTC${east < 0 ? "-" : "+"}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`;
  }

  return {
    connection_method: "WEB_APP_VIA_SERVER",
    device_id: deviceId(),
    user_agent: navigator.userAgent,
    screens: [
      {
        width: screen.width,
        height: screen.height,
        scaling_factor: devicePixelRatio,
        colour_depth: screen.colorDepth,
      },
    ],
    window: { width: innerWidth, height: innerHeight },
    timezone: timezone(),
  };
}
