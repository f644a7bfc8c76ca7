/** Words of the settings. */

import { number, plural, words } from "../../lib/words.svelte";

export const t = words(
  {
    title: "Settings", me: "Me", login: "Login", name: "Name", nameHint: "What others see", language: "Language", byBrowser: "As the browser says",
    asToken: "You are signed in with the admin token. It has no name, no password and no settings of its own.", appearance: "Appearance",
    theme: "Theme", system: "As the system", light: "Light", dark: "Dark", zone: (name: string) => `Times are shown in the zone ${name}.`,
    password: "Password", current: "Current password", newPassword: "New password", again: "New password again", differ: "The two differ",
    change: "Change password", changed: "The password is changed; your other sessions have ended", sessions: "My sessions",
    sessionsHint: "Browsers that are signed in as you. Ending one signs it out within seconds.", noSessions: "No browser is signed in with a session.",
    thisOne: "this browser", opened: "since", ends: "until", end: "End", endThis: (name: string) => `End the session of ${name}`, endOthers: "End all others",
    ended: (n: number) => plural(n, { one: "# session ended", other: "# sessions ended" }), on: (browser: string, system: string) => `${browser} on ${system}`,
    unknown: "Unknown browser", branding: "Branding", brandingHint: "How this page looks to everybody, the login included.",
    house: "Title", houseHint: "Instead of Sightlog", colour: "Colour", colourHint: "Empty: our blue. Like #1560c4.", badColour: "Not a colour; write it like #1560c4",
    pick: "Pick a colour", onTheme: (theme: string) => `In the ${theme} theme`, lightTheme: "light", darkTheme: "dark",
    asIs: (ratio: number) => `Contrast ${number(ratio, 1)} : 1`, adjusted: (ratio: number, colour: string) => `Contrast ${number(ratio, 1)} : 1 is too low; shown as ${colour}`,
    sample: "Button", logo: "Logo", noLogo: "No logo: the drawing of Sightlog stands there", chooseLogo: "Choose a picture", dropLogo: "Remove logo",
    logoHint: "PNG or JPEG, at most 256 KiB", tooLarge: "The picture has more than 256 KiB", preview: "The new logo",
  },
  {
    title: "Ustawienia", me: "Ja", login: "Login", name: "Nazwa", nameHint: "Widoczna dla innych", language: "Język", byBrowser: "Jak w przeglądarce",
    asToken: "Zalogowano tokenem administratora. Nie ma on nazwy, hasła ani własnych ustawień.", appearance: "Wygląd",
    theme: "Motyw", system: "Jak w systemie", light: "Jasny", dark: "Ciemny", zone: (name: string) => `Czasy są podawane w strefie ${name}.`,
    password: "Hasło", current: "Obecne hasło", newPassword: "Nowe hasło", again: "Nowe hasło ponownie", differ: "Hasła się różnią",
    change: "Zmień hasło", changed: "Hasło zmienione; pozostałe sesje zakończono", sessions: "Moje sesje",
    sessionsHint: "Przeglądarki zalogowane jako Ty. Zakończona sesja wylogowuje w ciągu sekund.", noSessions: "Żadna przeglądarka nie ma sesji.",
    thisOne: "ta przeglądarka", opened: "od", ends: "do", end: "Zakończ", endThis: (name: string) => `Zakończ sesję: ${name}`, endOthers: "Zakończ wszystkie inne",
    ended: (n: number) => plural(n, { one: "Zakończono # sesję", few: "Zakończono # sesje", other: "Zakończono # sesji" }), on: (browser: string, system: string) => `${browser}, ${system}`,
    unknown: "Nieznana przeglądarka", branding: "Wygląd firmowy", brandingHint: "Tak widzą tę stronę wszyscy, także przy logowaniu.",
    house: "Tytuł", houseHint: "Zamiast Sightlog", colour: "Kolor", colourHint: "Puste: nasz niebieski. Na przykład #1560c4.", badColour: "To nie jest kolor; napisz na przykład #1560c4",
    pick: "Wybierz kolor", onTheme: (theme: string) => `W motywie: ${theme}`, lightTheme: "jasny", darkTheme: "ciemny",
    asIs: (ratio: number) => `Kontrast ${number(ratio, 1)} : 1`, adjusted: (ratio: number, colour: string) => `Kontrast ${number(ratio, 1)} : 1 jest za mały; pokazywany jako ${colour}`,
    sample: "Przycisk", logo: "Logo", noLogo: "Bez logo: widoczny jest rysunek Sightlog", chooseLogo: "Wybierz obraz", dropLogo: "Usuń logo",
    logoHint: "PNG lub JPEG, najwyżej 256 KiB", tooLarge: "Obraz ma ponad 256 KiB", preview: "Nowe logo",
  },
);
