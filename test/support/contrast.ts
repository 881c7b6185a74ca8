/**
 * Runs in a page and gives the texts whose contrast to the ground behind them is below 4.5 : 1 (WCAG 2.2, 1.4.3), pictures
 * aside. As text, since it lives in the browser: the types of this project know no DOM.
 */
export const WEAK_CONTRAST = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [red, green, blue] = color.map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const over = (top, below) => {
    const alpha = top[3] ?? 1
    return [0, 1, 2].map((at) => top[at] * alpha + below[at] * (1 - alpha))
  }
  const groundOf = (node) => {
    const layers = []
    for (let at = node; at; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor))
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255])
  }
  const weak = []
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '')
    if (!own || !node.checkVisibility()) continue
    if (node.closest('svg, .visually-hidden, option, .dot, [aria-hidden=true]')) continue
    const ground = groundOf(node)
    const ink = over(channels(getComputedStyle(node).color), ground)
    const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a)
    const ratio = (light + 0.05) / (dark + 0.05)
    if (ratio < 4.5) weak.push(ratio.toFixed(2) + ': ' + node.className + ' "' + node.textContent.trim().slice(0, 40) + '"')
  }
  return weak
})()`
