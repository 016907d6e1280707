<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Wie diese Einstufung zu lesen ist</translation>
    </message>
    <message>
        <source>How each method works</source>
        <translation>Wie jedes Verfahren arbeitet</translation>
    </message>
    <message>
        <source>Look around</source>
        <translation>Rundgang</translation>
    </message>
    <message>
        <source>About Residua</source>
        <translation>Über Residua</translation>
    </message>
    <message>
        <source>Menus</source>
        <translation>Menüs</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Scan</source>
        <translation>&amp;Prüfung</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>&amp;Bild</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>Neuer Fall</translation>
    </message>
    <message>
        <source>Open case …</source>
        <translation>Fall öffnen …</translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation>Letzte Fälle</translation>
    </message>
    <message>
        <source>Add files …</source>
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Add the samples</source>
        <translation>Beispiele hinzufügen</translation>
    </message>
    <message>
        <source>Save case as …</source>
        <translation>Fall speichern unter …</translation>
    </message>
    <message>
        <source>Write report …</source>
        <translation>Bericht schreiben …</translation>
    </message>
    <message>
        <source>Check a report …</source>
        <translation>Bericht prüfen …</translation>
    </message>
    <message>
        <source>Import case …</source>
        <translation>Fall importieren …</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Examine everything that waits (F5)</source>
        <translation>Alles untersuchen, was wartet (F5)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop; what was examined is kept (Esc)</source>
        <translation>Anhalten; was untersucht ist, bleibt erhalten (Esc)</translation>
    </message>
    <message>
        <source>Examine this exhibit again</source>
        <translation>Dieses Asservat erneut untersuchen</translation>
    </message>
    <message>
        <source>Compute its result again and compare (Ctrl+R)</source>
        <translation>Ergebnis neu berechnen und vergleichen (Strg+R)</translation>
    </message>
    <message>
        <source>Check the exhibits</source>
        <translation>Asservate überprüfen</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Unterbrechen oder fortsetzen</translation>
    </message>
    <message>
        <source>Try again what failed</source>
        <translation>Fehlgeschlagene erneut versuchen</translation>
    </message>
    <message>
        <source>Scan as soon as pictures are opened</source>
        <translation>Prüfen, sobald Bilder geöffnet werden</translation>
    </message>
    <message>
        <source>With explanation</source>
        <translation>Mit Erklärung</translation>
    </message>
    <message>
        <source>Verdict and heat map only</source>
        <translation>Nur Einstufung und Wärmekarte</translation>
    </message>
    <message>
        <source>Fast triage, without the language model</source>
        <translation>Schnelle Vorsichtung, ohne Sprachmodell</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Vorsichtung</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Colours of the system</source>
        <translation>Farben des Systems</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>Arranging</name>
    <message>
        <source>Likely AI</source>
        <translation>Wahrscheinlich KI</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Kein Anzeichen gefunden</translation>
    </message>
    <message>
        <source>Not examined, with a reason</source>
        <translation>Nicht untersucht, mit Grund</translation>
    </message>
    <message>
        <source>Being examined</source>
        <translation>Wird untersucht</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>No near-duplicates</source>
        <translation>Keine Fast-Dubletten</translation>
    </message>
    <message>
        <source>Look alike, group {number}</source>
        <translation>Sehen sich ähnlich, Gruppe {number}</translation>
    </message>
    <message>
        <source>Metadata name no generator</source>
        <translation>Metadaten nennen keinen Generator</translation>
    </message>
    <message>
        <source>Folder not known</source>
        <translation>Ordner unbekannt</translation>
    </message>
</context>
<context>
    <name>BottomBar</name>
    <message>
        <source>Progress of the queue</source>
        <translation>Fortschritt der Warteschlange</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the scan</source>
        <translation>Prüfung anhalten</translation>
    </message>
    <message>
        <source>Stop; what was examined is kept (Esc)</source>
        <translation>Anhalten; was untersucht ist, bleibt erhalten (Esc)</translation>
    </message>
    <message>
        <source>Show the files that were not examined</source>
        <translation>Dateien zeigen, die nicht untersucht wurden</translation>
    </message>
    <message>
        <source>{finished} of {total} done</source>
        <translation>{finished} von {total} erledigt</translation>
    </message>
    <message>
        <source>No pictures open</source>
        <translation>Keine Bilder geöffnet</translation>
    </message>
    <message>
        <source>{count} not examined · show</source>
        <translation>{count} nicht untersucht · zeigen</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Unterbrechen</translation>
    </message>
    <message>
        <source>Go on with the scan</source>
        <translation>Prüfung fortsetzen</translation>
    </message>
    <message>
        <source>Let the scan wait</source>
        <translation>Prüfung warten lassen</translation>
    </message>
    <message>
        <source>Go on where it was (F7)</source>
        <translation>Fortsetzen, wo sie stand (F7)</translation>
    </message>
    <message>
        <source>Wait after the picture at hand, and give the machine back (F7)</source>
        <translation>Nach dem jetzigen Bild warten und den Rechner freigeben (F7)</translation>
    </message>
    <message>
        <source>Paused; what was examined is kept</source>
        <translation>Unterbrochen; was untersucht ist, bleibt erhalten</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>{count} the same as others</source>
        <translation>{count} gleich wie andere</translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message>
        <source>A camera&apos;s fingerprint</source>
        <translation>Fingerabdruck einer Kamera</translation>
    </message>
    <message>
        <source>Fingerprint of {count} exhibits</source>
        <translation>Fingerabdruck aus {count} Asservaten</translation>
    </message>
    <message>
        <source>All must come from one camera, in its own size and unedited: better 30 or more, evenly lit, of different scenes. The picture that is to be tested must not be among them, nor one of the same scene.</source>
        <translation>Alle müssen aus einer Kamera stammen, in deren eigener Größe und unbearbeitet: besser 30 oder mehr, gleichmäßig beleuchtet, von verschiedenen Szenen. Das Bild, das geprüft werden soll, darf nicht darunter sein, auch keines derselben Szene.</translation>
    </message>
    <message>
        <source>such as: Nikon D70, seized on 3 May</source>
        <translation>etwa: Nikon D70, sichergestellt am 3. Mai</translation>
    </message>
    <message>
        <source>Which camera</source>
        <translation>Welche Kamera</translation>
    </message>
</context>
<context>
    <name>CameraList</name>
    <message>
        <source>Compare with all exhibits</source>
        <translation>Mit allen Asservaten vergleichen</translation>
    </message>
    <message>
        <source>Compare the chosen camera with all exhibits</source>
        <translation>Die gewählte Kamera mit allen Asservaten vergleichen</translation>
    </message>
    <message>
        <source>With a picture</source>
        <translation>Mit einem Bild</translation>
    </message>
    <message>
        <source>Compare the chosen camera with a picture</source>
        <translation>Die gewählte Kamera mit einem Bild vergleichen</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Remove the chosen camera from the case</source>
        <translation>Die gewählte Kamera aus dem Fall entfernen</translation>
    </message>
    <message>
        <source>Cameras of the case</source>
        <translation>Kameras des Falls</translation>
    </message>
    <message>
        <source>Columns of the cameras</source>
        <translation>Spalten der Kameras</translation>
    </message>
    <message>
        <source>Rows of the cameras</source>
        <translation>Zeilen der Kameras</translation>
    </message>
    <message>
        <source>Each comparison is kept in the log.</source>
        <translation>Jeder Vergleich steht im Protokoll.</translation>
    </message>
    <message>
        <source>Its file is not the one of the log: restore it, or make it again.</source>
        <translation>Die Datei ist nicht die des Protokolls: stellen Sie sie wieder her, oder erstellen Sie den Fingerabdruck neu.</translation>
    </message>
    <message>
        <source>No camera yet</source>
        <translation>Noch keine Kamera</translation>
    </message>
    <message>
        <source>Every sensor leaves its own pattern in its pictures. Choose pictures of one camera in triage, better 30 or more, and make its fingerprint. Then each exhibit can be asked whether it came from that camera, and which part did not.</source>
        <translation>Jeder Sensor hinterlässt in seinen Bildern ein eigenes Muster. Wählen Sie unter „Vorsichtung“ Bilder einer Kamera, besser 30 oder mehr, und erstellen Sie ihren Fingerabdruck. Danach lässt sich zu jedem Asservat fragen, ob es von dieser Kamera stammt, und welcher Teil nicht.</translation>
    </message>
    <message>
        <source>Choose pictures in triage</source>
        <translation>Bilder unter „Vorsichtung“ wählen</translation>
    </message>
    <message>
        <source>Choose a camera&apos;s pictures in triage</source>
        <translation>Bilder einer Kamera unter „Vorsichtung“ wählen</translation>
    </message>
</context>
<context>
    <name>CameraModel</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Erstellt aus</translation>
    </message>
    <message>
        <source>Size, px</source>
        <translation>Größe, px</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>Verglichen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Made {when} UTC by {operator}</source>
        <translation>Erstellt {when} UTC von {operator}</translation>
    </message>
    <message>
        <source>as logged</source>
        <translation>wie im Protokoll</translation>
    </message>
    <message>
        <source>MISSING</source>
        <translation>FEHLT</translation>
    </message>
    <message>
        <source>WAS CHANGED</source>
        <translation>WURDE VERÄNDERT</translation>
    </message>
    <message>
        <source>(without a name)</source>
        <translation>(ohne Namen)</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} Bildern</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>noch nichts</translation>
    </message>
    <message>
        <source>pattern in {shown} of {total}</source>
        <translation>Muster in {shown} von {total}</translation>
    </message>
</context>
<context>
    <name>Cameras</name>
    <message>
        <source>Reading the cameras</source>
        <translation>Lesen der Kameras</translation>
    </message>
    <message>
        <source>Compared with {camera}</source>
        <translation>Verglichen mit {camera}</translation>
    </message>
    <message>
        <source>Comparing exhibits with a camera</source>
        <translation>Beim Vergleich von Asservaten mit einer Kamera</translation>
    </message>
    <message>
        <source>Removing a camera</source>
        <translation>Entfernen einer Kamera</translation>
    </message>
    <message>
        <source>Comparing with {camera}: {done} of {total}</source>
        <translation>Vergleich mit {camera}: {done} von {total}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>The camera&apos;s pattern is in {shown} of {total} exhibits.</source>
        <translation>Das Muster der Kamera ist in {shown} von {total} Asservaten.</translation>
    </message>
    <message>
        <source>Not found: {count}.</source>
        <translation>Nicht gefunden: {count}.</translation>
    </message>
    <message>
        <source>Cannot be told: {count}.</source>
        <translation>Nicht zu entscheiden: {count}.</translation>
    </message>
    <message>
        <source>Behind the fingerprint: {count}.</source>
        <translation>Im Fingerabdruck selbst: {count}.</translation>
    </message>
    <message>
        <source>Could not be read: {count}.</source>
        <translation>Nicht lesbar: {count}.</translation>
    </message>
    <message>
        <source>Compared before, by the log: {count}.</source>
        <translation>Laut Protokoll schon verglichen: {count}.</translation>
    </message>
    <message>
        <source>{pictures} pictures of {width} × {height} px went into it. It lies beside the case, and its hash is in the log. Compare it with all exhibits, or examine a picture and choose the camera among the layers.</source>
        <translation>{pictures} Bilder von {width} × {height} px sind darin eingegangen. Er liegt neben dem Fall, sein Hash steht im Protokoll. Vergleichen Sie ihn mit allen Asservaten, oder untersuchen Sie ein Bild und wählen Sie die Kamera unter den Ebenen.</translation>
    </message>
    <message>
        <source>The fingerprint is made</source>
        <translation>Der Fingerabdruck ist erstellt</translation>
    </message>
    <message>
        <source>Making a camera&apos;s fingerprint</source>
        <translation>Beim Erstellen eines Kamera-Fingerabdrucks</translation>
    </message>
    <message>
        <source>Left out: {count}.</source>
        <translation>Ausgelassen: {count}.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>Caption</name>
    <message>
        <source>Words of the drawing</source>
        <translation>Worte der Zeichnung</translation>
    </message>
    <message>
        <source>What is to be seen here? Enter keeps it</source>
        <translation>Was ist hier zu sehen? Eingabe behält es</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Einstufung</translation>
    </message>
    <message>
        <source>Probability of AI, 0 to 1</source>
        <translation>Wahrscheinlichkeit für KI, 0 bis 1</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Ähnlich</translation>
    </message>
    <message>
        <source>file was changed</source>
        <translation>Datei wurde geändert</translation>
    </message>
    <message>
        <source>file is missing</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <source>file cannot be read</source>
        <translation>Datei ist nicht lesbar</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>außer Bereich</translation>
    </message>
</context>
<context>
    <name>CardView</name>
    <message>
        <source>Exhibits</source>
        <translation>Asservate</translation>
    </message>
</context>
<context>
    <name>CaseAdding</name>
    <message>
        <source>WHAT IS ADDED FROM NOW ON</source>
        <translation>WAS AB JETZT HINZUKOMMT</translation>
    </message>
    <message>
        <source>Keep copies beside the case</source>
        <translation>Kopien neben dem Fall aufbewahren</translation>
    </message>
    <message>
        <source>Keep copies of what is added</source>
        <translation>Kopien dessen aufbewahren, was hinzukommt</translation>
    </message>
    <message>
        <source>A read-only copy and a working copy; the working copy is examined</source>
        <translation>Eine schreibgeschützte Kopie und eine Arbeitskopie; untersucht wird die Arbeitskopie</translation>
    </message>
    <message>
        <source>Source of what is added</source>
        <translation>Herkunft dessen, was hinzukommt</translation>
    </message>
    <message>
        <source>such as: USB stick 3</source>
        <translation>etwa: USB-Stick 3</translation>
    </message>
    <message>
        <source>Source, kept with each exhibit</source>
        <translation>Herkunft, wird zu jedem Asservat vermerkt</translation>
    </message>
</context>
<context>
    <name>CaseDetails</name>
    <message>
        <source>CASE</source>
        <translation>FALL</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>Auftrag von</translation>
    </message>
    <message>
        <source>Laboratory</source>
        <translation>Labor</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige Person</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>Gegenprüfung</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>First proposition</source>
        <translation>Erste Hypothese</translation>
    </message>
    <message>
        <source>Second proposition</source>
        <translation>Zweite Hypothese</translation>
    </message>
    <message>
        <source>Question, in the words of who asked</source>
        <translation>Die Frage in den Worten des Auftraggebers</translation>
    </message>
</context>
<context>
    <name>CaseHand</name>
    <message>
        <source>LOOK AGAIN</source>
        <translation>NOCH EINMAL ANSEHEN</translation>
    </message>
    <message>
        <source>Check the exhibits</source>
        <translation>Asservate überprüfen</translation>
    </message>
    <message>
        <source>Read every file again and compare its hash</source>
        <translation>Jede Datei neu lesen und ihren Hashwert vergleichen</translation>
    </message>
    <message>
        <source>Examine all again</source>
        <translation>Alle erneut untersuchen</translation>
    </message>
    <message>
        <source>Compute every result again with the weights of then, and compare</source>
        <translation>Jedes Ergebnis mit den damaligen Gewichten neu berechnen und vergleichen</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>HTML</source>
        <translation>HTML</translation>
    </message>
    <message>
        <source>CASE/UCO</source>
        <translation>CASE/UCO</translation>
    </message>
    <message>
        <source>Export the case as {format}</source>
        <translation>Den Fall als {format} exportieren</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Make a case of a JSON export</source>
        <translation>Aus einem JSON-Export einen Fall machen</translation>
    </message>
    <message>
        <source>Write a request …</source>
        <translation>Anfrage schreiben …</translation>
    </message>
    <message>
        <source>A file for a time-stamping authority; nothing is sent</source>
        <translation>Eine Datei für einen Zeitstempeldienst; gesendet wird nichts</translation>
    </message>
    <message>
        <source>Attach the answer …</source>
        <translation>Antwort beifügen …</translation>
    </message>
    <message>
        <source>The file that the authority sent back</source>
        <translation>Die Datei, die der Dienst zurückgeschickt hat</translation>
    </message>
    <message>
        <source>Entry {entry}: {time} by {authority}</source>
        <translation>Eintrag {entry}: {time} von {authority}</translation>
    </message>
    <message>
        <source>Entry {entry}: requested, no answer yet</source>
        <translation>Eintrag {entry}: angefragt, noch keine Antwort</translation>
    </message>
    <message>
        <source>No time stamp yet.</source>
        <translation>Noch kein Zeitstempel.</translation>
    </message>
    <message>
        <source>HAND ON</source>
        <translation>WEITERGEBEN</translation>
    </message>
    <message>
        <source>TIME STAMP</source>
        <translation>ZEITSTEMPEL</translation>
    </message>
</context>
<context>
    <name>CaseNotes</name>
    <message>
        <source>NOTES ON THE CASE</source>
        <translation>NOTIZEN ZUM FALL</translation>
    </message>
    <message>
        <source>New note on the case</source>
        <translation>Neue Notiz zum Fall</translation>
    </message>
    <message>
        <source>What you observed, or still have to ask. A note stays as it is written.</source>
        <translation>Was beobachtet wurde oder noch zu fragen ist. Eine Notiz bleibt, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <source>Keep note</source>
        <translation>Notiz behalten</translation>
    </message>
    <message>
        <source>Keep the note on the case</source>
        <translation>Die Notiz zum Fall behalten</translation>
    </message>
    <message>
        <source>None yet.</source>
        <translation>Noch keine.</translation>
    </message>
</context>
<context>
    <name>CasePlace</name>
    <message>
        <source>Custody log and cameras</source>
        <translation>Protokoll und Kameras</translation>
    </message>
    <message>
        <source>Custody log</source>
        <translation>Beweismittelprotokoll</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <source>No case is open</source>
        <translation>Kein Fall ist geöffnet</translation>
    </message>
    <message>
        <source>A case keeps the pictures, every result, your notes and a log of who did what, in one file. Adding a picture makes one; it is saved from that moment on.</source>
        <translation>Ein Fall bewahrt die Bilder, jedes Ergebnis, Ihre Notizen und ein Protokoll, wer was getan hat, in einer Datei. Ein hinzugefügtes Bild legt ihn an; von da an ist er gespeichert.</translation>
    </message>
    <message>
        <source>Make a case …</source>
        <translation>Fall anlegen …</translation>
    </message>
    <message>
        <source>Make a case file</source>
        <translation>Eine Falldatei anlegen</translation>
    </message>
    <message>
        <source>Open a case …</source>
        <translation>Fall öffnen …</translation>
    </message>
    <message>
        <source>Open a case file</source>
        <translation>Eine Falldatei öffnen</translation>
    </message>
    <message>
        <source>Add pictures …</source>
        <translation>Bilder hinzufügen …</translation>
    </message>
    <message>
        <source>Add pictures to a case</source>
        <translation>Bilder zu einem Fall hinzufügen</translation>
    </message>
    <message>
        <source>Remove {camera}?</source>
        <translation>{camera} entfernen?</translation>
    </message>
    <message>
        <source>Its fingerprint is deleted and cannot be brought back, only made again. The log keeps that it was there, what it was made of and what was compared with it.</source>
        <translation>Der Fingerabdruck wird gelöscht und lässt sich nicht zurückholen, nur neu erstellen. Das Protokoll behält, dass es ihn gab, woraus er erstellt und was damit verglichen wurde.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>This case can only be read: {reason}.</source>
        <translation>Dieser Fall kann nur gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>There was nothing to run again.</source>
        <translation>Es gab nichts erneut zu berechnen.</translation>
    </message>
    <message>
        <source>{differ} of {total} do not agree with what is stored</source>
        <translation>{differ} von {total} stimmen nicht mit dem Gespeicherten überein</translation>
    </message>
    <message>
        <source>{total} examined again: all agree within the tolerances</source>
        <translation>{total} erneut untersucht: alle stimmen innerhalb der Toleranzen überein</translation>
    </message>
    <message>
        <source>Examined again</source>
        <translation>Erneut untersucht</translation>
    </message>
    <message>
        <source>{failed} of {total} checks failed</source>
        <translation>{failed} von {total} Prüfungen fehlgeschlagen</translation>
    </message>
    <message>
        <source>No check failed</source>
        <translation>Keine Prüfung fehlgeschlagen</translation>
    </message>
    <message>
        <source>Checks of the case</source>
        <translation>Prüfungen des Falls</translation>
    </message>
    <message>
        <source>Check of the case</source>
        <translation>Prüfung des Falls</translation>
    </message>
</context>
<context>
    <name>CaseState</name>
    <message>
        <source>EXHIBITS</source>
        <translation>ASSERVATE</translation>
    </message>
    <message>
        <source>Nothing: every exhibit is examined and reported.</source>
        <translation>Nichts: jedes Asservat ist untersucht und im Bericht.</translation>
    </message>
    <message>
        <source>LEFT TO DO</source>
        <translation>NOCH ZU TUN</translation>
    </message>
    <message>
        <source>exhibit</source>
        <translation>Asservat</translation>
    </message>
    <message>
        <source>exhibits</source>
        <translation>Asservate</translation>
    </message>
    <message>
        <source>{count} not examined</source>
        <translation>{count} nicht untersucht</translation>
    </message>
    <message>
        <source>Show the exhibits: {band}</source>
        <translation>Asservate zeigen: {band}</translation>
    </message>
    <message>
        <source>The custody log does not hold</source>
        <translation>Das Beweismittelprotokoll ist nicht unversehrt</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>{count} changed, missing or unreadable</source>
        <translation>{count} geändert, fehlend oder unlesbar</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>{count} could not be examined</source>
        <translation>{count} konnten nicht untersucht werden</translation>
    </message>
    <message>
        <source>{count} differ when examined again</source>
        <translation>{count} weichen bei erneuter Untersuchung ab</translation>
    </message>
    <message>
        <source>{count} inconclusive without a note</source>
        <translation>{count} nicht eindeutig und ohne Notiz</translation>
    </message>
    <message>
        <source>No report of these results yet</source>
        <translation>Noch kein Bericht über diese Ergebnisse</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>Checks of the report</source>
        <translation>Prüfungen des Berichts</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>DURCHGEFALLEN</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht geprüft</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>○  pass</source>
        <translation>○  bestanden</translation>
    </message>
    <message>
        <source>▲  FAIL</source>
        <translation>▲  DURCHGEFALLEN</translation>
    </message>
    <message>
        <source>–  not checked</source>
        <translation>–  nicht geprüft</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{kind}: {count} exhibits</source>
        <translation>{kind}: {count} Asservate</translation>
    </message>
</context>
<context>
    <name>ChoiceBar</name>
    <message>
        <source>Shown and chosen exhibits</source>
        <translation>Gezeigte und gewählte Asservate</translation>
    </message>
    <message>
        <source>Rate 0–5</source>
        <translation>Bewerten 0–5</translation>
    </message>
    <message>
        <source>Rate the chosen exhibits</source>
        <translation>Die gewählten Asservate bewerten</translation>
    </message>
    <message>
        <source>Rate (0 to 5)</source>
        <translation>Bewerten (0 bis 5)</translation>
    </message>
    <message>
        <source>{total} exhibits</source>
        <translation>{total} Asservate</translation>
    </message>
    <message>
        <source>1 exhibit</source>
        <translation>1 Asservat</translation>
    </message>
    <message>
        <source>{shown} of {total} exhibits</source>
        <translation>{shown} von {total} Asservaten</translation>
    </message>
    <message>
        <source>{chosen} chosen</source>
        <translation>{chosen} gewählt</translation>
    </message>
    <message>
        <source>{count} changed · sort anew</source>
        <translation>{count} geändert · neu sortieren</translation>
    </message>
</context>
<context>
    <name>ComparedList</name>
    <message>
        <source>Matches in triage</source>
        <translation>Treffer in der Vorsichtung</translation>
    </message>
    <message>
        <source>Show the exhibits with the camera&apos;s pattern in triage</source>
        <translation>Die Asservate mit dem Muster der Kamera in der Vorsichtung zeigen</translation>
    </message>
    <message>
        <source>What was compared with the chosen camera</source>
        <translation>Was mit der gewählten Kamera verglichen wurde</translation>
    </message>
    <message>
        <source>Columns of the comparisons</source>
        <translation>Spalten der Vergleiche</translation>
    </message>
    <message>
        <source>Rows of the comparisons</source>
        <translation>Zeilen der Vergleiche</translation>
    </message>
    <message>
        <source>Nothing was compared with it yet.</source>
        <translation>Noch nichts wurde damit verglichen.</translation>
    </message>
    <message>
        <source>Nothing could be compared with it.</source>
        <translation>Nichts ließ sich damit vergleichen.</translation>
    </message>
</context>
<context>
    <name>ComparedModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Camera&apos;s pattern</source>
        <translation>Muster der Kamera</translation>
    </message>
    <message>
        <source>PCE</source>
        <translation>PCE</translation>
    </message>
    <message>
        <source>Where, or why not</source>
        <translation>Wo, oder warum nicht</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Difference × {gain}</source>
        <translation>Differenz × {gain}</translation>
    </message>
</context>
<context>
    <name>Comparisons</name>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>found</source>
        <translation>gefunden</translation>
    </message>
    <message>
        <source>made of it</source>
        <translation>im Fingerabdruck</translation>
    </message>
    <message>
        <source>cannot be told</source>
        <translation>nicht zu entscheiden</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>cut, corner at {x}, {y} px</source>
        <translation>Ausschnitt, Ecke bei {x}, {y} px</translation>
    </message>
    <message>
        <source>missing in places: {count}</source>
        <translation>fehlt an Stellen: {count}</translation>
    </message>
    <message>
        <source>Chance of a false match: no measured limit for so many</source>
        <translation>Wahrscheinlichkeit eines falschen Treffers: für so viele keine gemessene Grenze</translation>
    </message>
    <message>
        <source>Chance of a false match among these: at most {limit} (95 %)</source>
        <translation>Wahrscheinlichkeit eines falschen Treffers darunter: höchstens {limit} (95 %)</translation>
    </message>
    <message>
        <source>{false} of {trials} comparisons with wrong cameras reached the threshold, on synthetic sensors; real cameras of one model were not measured</source>
        <translation>{false} von {trials} Vergleichen mit falschen Kameras erreichten die Schwelle, an synthetischen Sensoren; echte Kameras eines Modells wurden nicht gemessen</translation>
    </message>
    <message>
        <source>Among {count} compared, the chance of at least one false acceptance has no limit that was measured ({measured}).</source>
        <translation>Unter {count} verglichenen hat die Wahrscheinlichkeit mindestens einer falschen Annahme keine gemessene Grenze ({measured}).</translation>
    </message>
    <message>
        <source>Among {count} compared, the chance of at least one false acceptance is at most {limit} at 95 % confidence ({measured}).</source>
        <translation>Unter {count} verglichenen ist die Wahrscheinlichkeit mindestens einer falschen Annahme höchstens {limit} bei 95 % Konfidenz ({measured}).</translation>
    </message>
</context>
<context>
    <name>CurvePanel</name>
    <message>
        <source>What the trace says</source>
        <translation>Was die Spur zeigt</translation>
    </message>
    <message>
        <source>Choose a trace in the list of layers; its curve is drawn here.</source>
        <translation>In der Liste der Ebenen eine Spur wählen; ihre Kurve wird hier gezeichnet.</translation>
    </message>
    <message>
        <source>Curve of the trace</source>
        <translation>Kurve der Spur</translation>
    </message>
</context>
<context>
    <name>CustodyLog</name>
    <message>
        <source>Head of the custody log</source>
        <translation>Kopf des Beweismittelprotokolls</translation>
    </message>
    <message>
        <source>Copy head</source>
        <translation>Kopf kopieren</translation>
    </message>
    <message>
        <source>Copy the head of the custody log</source>
        <translation>Den Kopf des Beweismittelprotokolls kopieren</translation>
    </message>
    <message>
        <source>Check the case</source>
        <translation>Fall überprüfen</translation>
    </message>
    <message>
        <source>Check the case: file, log, records, exhibits, time stamps</source>
        <translation>Den Fall überprüfen: Datei, Protokoll, Datensätze, Asservate, Zeitstempel</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>The chain holds  ·  {entries} entries</source>
        <translation>Die Kette ist unversehrt  ·  {entries} Einträge</translation>
    </message>
    <message>
        <source>THE CHAIN DOES NOT HOLD: {problem}</source>
        <translation>DIE KETTE IST NICHT UNVERSEHRT: {problem}</translation>
    </message>
    <message>
        <source>reading …</source>
        <translation>wird gelesen …</translation>
    </message>
    <message>
        <source>Entries of the custody log, the newest first</source>
        <translation>Einträge des Beweismittelprotokolls, der neueste zuerst</translation>
    </message>
    <message>
        <source>Columns of the custody log</source>
        <translation>Spalten des Beweismittelprotokolls</translation>
    </message>
    <message>
        <source>Rows of the custody log</source>
        <translation>Zeilen des Beweismittelprotokolls</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Reading the case</source>
        <translation>Lesen des Falls</translation>
    </message>
    <message>
        <source>Changing what the case says</source>
        <translation>Ändern der Angaben zum Fall</translation>
    </message>
    <message>
        <source>Keeping the note</source>
        <translation>Behalten der Notiz</translation>
    </message>
    <message>
        <source>Keeping the bookmark</source>
        <translation>Behalten des Lesezeichens</translation>
    </message>
    <message>
        <source>Changing the sentence</source>
        <translation>Ändern des Satzes</translation>
    </message>
    <message>
        <source>Examining again</source>
        <translation>Erneutes Untersuchen</translation>
    </message>
    <message>
        <source>Checking the case</source>
        <translation>Überprüfen des Falls</translation>
    </message>
    <message>
        <source>The case is exported</source>
        <translation>Der Fall ist exportiert</translation>
    </message>
    <message>
        <source>Exporting the case</source>
        <translation>Exportieren des Falls</translation>
    </message>
    <message>
        <source>The request is written</source>
        <translation>Die Anfrage ist geschrieben</translation>
    </message>
    <message>
        <source>Writing the request</source>
        <translation>Schreiben der Anfrage</translation>
    </message>
    <message>
        <source>The time stamp is attached</source>
        <translation>Der Zeitstempel ist beigefügt</translation>
    </message>
    <message>
        <source>Stamped {time} by {authority}</source>
        <translation>Gestempelt {time} von {authority}</translation>
    </message>
    <message>
        <source>Attaching the time stamp</source>
        <translation>Beifügen des Zeitstempels</translation>
    </message>
    <message>
        <source>It lies in {file}</source>
        <translation>Liegt in {file}</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Drop to add these pictures</source>
        <translation>Loslassen, um diese Bilder hinzuzufügen</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>{count} s</source>
        <translation>{count} s</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} min</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{rate} pictures/s</source>
        <translation>{rate} Bilder/s</translation>
    </message>
    <message>
        <source>{rate} pictures/min</source>
        <translation>{rate} Bilder/min</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>No pictures open</source>
        <translation>Keine Bilder geöffnet</translation>
    </message>
    <message>
        <source>Drop photographs or a folder here</source>
        <translation>Fotos oder einen Ordner hier ablegen</translation>
    </message>
    <message>
        <source>Residua examines each picture on this machine: a verdict with its probability, a map of where the traces lie, and an explanation. Nothing is uploaded, and your files are only read.</source>
        <translation>Residua untersucht jedes Bild auf diesem Rechner: eine Einstufung mit ihrer Wahrscheinlichkeit, eine Karte der Spuren und eine Erklärung. Nichts wird hochgeladen, und Ihre Dateien werden nur gelesen.</translation>
    </message>
    <message>
        <source>RECENT CASES</source>
        <translation>LETZTE FÄLLE</translation>
    </message>
    <message>
        <source>Open the case {name}</source>
        <translation>Den Fall {name} öffnen</translation>
    </message>
    <message>
        <source>Open files …</source>
        <translation>Dateien öffnen …</translation>
    </message>
    <message>
        <source>Open picture files</source>
        <translation>Bilddateien öffnen</translation>
    </message>
    <message>
        <source>Open a folder …</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Einen Ordner mit Bildern öffnen</translation>
    </message>
    <message>
        <source>Try the samples</source>
        <translation>Beispiele ausprobieren</translation>
    </message>
    <message>
        <source>Open the sample pictures</source>
        <translation>Die Beispielbilder öffnen</translation>
    </message>
    <message>
        <source>Likely AI-generated</source>
        <translation>Wahrscheinlich KI-erzeugt</translation>
    </message>
    <message>
        <source>the measurements speak for it</source>
        <translation>die Messungen sprechen dafür</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>a result too: it declines</source>
        <translation>auch ein Ergebnis: keine Aussage</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Kein Anzeichen gefunden</translation>
    </message>
    <message>
        <source>not the same as genuine</source>
        <translation>nicht dasselbe wie echt</translation>
    </message>
</context>
<context>
    <name>ExamineActions</name>
    <message>
        <source>Next exhibit</source>
        <translation>Nächstes Asservat</translation>
    </message>
    <message>
        <source>Previous exhibit</source>
        <translation>Voriges Asservat</translation>
    </message>
    <message>
        <source>Fit the picture</source>
        <translation>Bild einpassen</translation>
    </message>
    <message>
        <source>True size</source>
        <translation>Wahre Größe</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Next place of the explanation</source>
        <translation>Nächste Stelle der Erklärung</translation>
    </message>
    <message>
        <source>Previous place of the explanation</source>
        <translation>Vorige Stelle der Erklärung</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Layer on or off</source>
        <translation>Ebene ein oder aus</translation>
    </message>
    <message>
        <source>Next layer</source>
        <translation>Nächste Ebene</translation>
    </message>
    <message>
        <source>Previous layer</source>
        <translation>Vorige Ebene</translation>
    </message>
    <message>
        <source>Compare other exhibits with this one</source>
        <translation>Andere Asservate mit diesem vergleichen</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagern</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Wischen</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Blinken</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Cell grid</source>
        <translation>Zellraster</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>Draw a box</source>
        <translation>Rechteck zeichnen</translation>
    </message>
    <message>
        <source>Draw an arrow</source>
        <translation>Pfeil zeichnen</translation>
    </message>
    <message>
        <source>Write on the picture</source>
        <translation>Auf das Bild schreiben</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Delete the chosen drawing</source>
        <translation>Gewählte Zeichnung löschen</translation>
    </message>
    <message>
        <source>Note on the verdict …</source>
        <translation>Notiz zur Einstufung …</translation>
    </message>
    <message>
        <source>Keep this view as a bookmark</source>
        <translation>Diese Ansicht als Lesezeichen behalten</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>Schlagwort hinzufügen</translation>
    </message>
    <message>
        <source>{stars} of {most}</source>
        <translation>{stars} von {most}</translation>
    </message>
</context>
<context>
    <name>ExaminePlace</name>
    <message>
        <source>Showing the result</source>
        <translation>Zeigen des Ergebnisses</translation>
    </message>
    <message>
        <source>Asking what the verdict rests on</source>
        <translation>Fragen, worauf die Einstufung beruht</translation>
    </message>
    <message>
        <source>Opening the picture to compare with</source>
        <translation>Öffnen des Vergleichsbilds</translation>
    </message>
    <message>
        <source>Computing a trace</source>
        <translation>Berechnen einer Spur</translation>
    </message>
</context>
<context>
    <name>ExhibitList</name>
    <message>
        <source>Exhibits</source>
        <translation>Asservate</translation>
    </message>
    <message>
        <source>Which exhibits are shown</source>
        <translation>Welche Asservate gezeigt werden</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Likely AI</source>
        <translation>Wahrscheinlich KI</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Kein Anzeichen gefunden</translation>
    </message>
    <message>
        <source>Edited in part</source>
        <translation>Teilweise bearbeitet</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Still to examine</source>
        <translation>Noch offen</translation>
    </message>
    <message>
        <source>Order of the exhibits</source>
        <translation>Reihenfolge der Asservate</translation>
    </message>
    <message>
        <source>As added</source>
        <translation>Nach Eingang</translation>
    </message>
    <message>
        <source>Highest p first</source>
        <translation>Höchstes p zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>EXHIBITS</source>
        <translation>ASSERVATE</translation>
    </message>
</context>
<context>
    <name>ExhibitModel</name>
    <message>
        <source>New, not sorted yet</source>
        <translation>Neu, noch nicht sortiert</translation>
    </message>
</context>
<context>
    <name>Exhibits</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>being examined …</source>
        <translation>wird untersucht …</translation>
    </message>
    <message>
        <source>examined</source>
        <translation>untersucht</translation>
    </message>
    <message>
        <source>not examined</source>
        <translation>nicht untersucht</translation>
    </message>
    <message>
        <source>{size} MP</source>
        <translation>{size} MP</translation>
    </message>
    <message>
        <source>likely AI</source>
        <translation>wahrscheinlich KI</translation>
    </message>
    <message>
        <source>inconclusive</source>
        <translation>nicht eindeutig</translation>
    </message>
    <message>
        <source>no sign found</source>
        <translation>kein Anzeichen gefunden</translation>
    </message>
    <message>
        <source>edited in part</source>
        <translation>teilweise bearbeitet</translation>
    </message>
    <message>
        <source>Outside what error rates were measured on.</source>
        <translation>Außerhalb dessen, woran Fehlerraten gemessen wurden.</translation>
    </message>
    <message>
        <source>Its metadata name {generator}.</source>
        <translation>Die Metadaten nennen {generator}.</translation>
    </message>
</context>
<context>
    <name>ExplanationPanel</name>
    <message>
        <source>Explanation</source>
        <translation>Erklärung</translation>
    </message>
    <message>
        <source>Explanation while it is written</source>
        <translation>Erklärung, während sie geschrieben wird</translation>
    </message>
    <message>
        <source>The model is writing …</source>
        <translation>Das Modell schreibt …</translation>
    </message>
    <message>
        <source>Nothing to explain: the file was not examined.</source>
        <translation>Nichts zu erklären: die Datei wurde nicht untersucht.</translation>
    </message>
    <message>
        <source>rendered from the findings</source>
        <translation>aus den Befunden zusammengestellt</translation>
    </message>
    <message>
        <source>The program worded the findings; no language model took part.</source>
        <translation>Das Programm hat die Befunde in Worte gefasst; kein Sprachmodell war beteiligt.</translation>
    </message>
    <message>
        <source>generated by the model</source>
        <translation>vom Modell erzeugt</translation>
    </message>
    <message>
        <source>A language model chose these sentences among those that the findings allow. They illustrate; they are not the ground of the verdict.</source>
        <translation>Ein Sprachmodell hat diese Sätze unter denen gewählt, die die Befunde zulassen. Sie veranschaulichen; sie sind nicht der Grund der Einstufung.</translation>
    </message>
    <message>
        <source>No explanation was written.</source>
        <translation>Es wurde keine Erklärung geschrieben.</translation>
    </message>
    <message>
        <source>Every sentence passed the checks.</source>
        <translation>Jeder Satz hat die Prüfungen bestanden.</translation>
    </message>
    <message>
        <source>Sentences left out by the checks: {dropped}.</source>
        <translation>Von den Prüfungen ausgelassene Sätze: {dropped}.</translation>
    </message>
    <message>
        <source>EXPLANATION</source>
        <translation>ERKLÄRUNG</translation>
    </message>
    <message>
        <source>Sentences of the explanation</source>
        <translation>Sätze der Erklärung</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Files that were not examined</source>
        <translation>Nicht untersuchte Dateien</translation>
    </message>
    <message>
        <source>Files that were not examined, with the reason</source>
        <translation>Nicht untersuchte Dateien, mit Grund</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Why, and what to do</source>
        <translation>Warum, und was zu tun ist</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <source>Copy the list of failures</source>
        <translation>Die Liste der Fehlschläge kopieren</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>Alle erneut versuchen</translation>
    </message>
    <message>
        <source>Try all files of the list again</source>
        <translation>Alle Dateien der Liste erneut versuchen</translation>
    </message>
    <message>
        <source>After you restored or mended them</source>
        <translation>Nachdem sie wiederhergestellt oder repariert sind</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the list of failures</source>
        <translation>Die Liste der Fehlschläge schließen</translation>
    </message>
</context>
<context>
    <name>Filing</name>
    <message>
        <source>Case (*.residua)</source>
        <translation>Fall (*.residua)</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Modell importieren</translation>
    </message>
    <message>
        <source>Archive (*.zip)</source>
        <translation>Archiv (*.zip)</translation>
    </message>
    <message>
        <source>Export the models</source>
        <translation>Die Modelle exportieren</translation>
    </message>
    <message>
        <source>Open a case</source>
        <translation>Fall öffnen</translation>
    </message>
    <message>
        <source>Save the case</source>
        <translation>Fall speichern</translation>
    </message>
    <message>
        <source>Import a case</source>
        <translation>Fall importieren</translation>
    </message>
    <message>
        <source>Export (*.json)</source>
        <translation>Export (*.json)</translation>
    </message>
    <message>
        <source>Save the imported case</source>
        <translation>Importierten Fall speichern</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Choose a key that signs</source>
        <translation>Schlüssel zum Signieren wählen</translation>
    </message>
    <message>
        <source>Keys (*.p12 *.pfx *.pem *.key)</source>
        <translation>Schlüssel (*.p12 *.pfx *.pem *.key)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>CASE/UCO (*.jsonld)</source>
        <translation>CASE/UCO (*.jsonld)</translation>
    </message>
    <message>
        <source>Export the case</source>
        <translation>Fall exportieren</translation>
    </message>
    <message>
        <source>Write a time-stamp request</source>
        <translation>Zeitstempelanfrage schreiben</translation>
    </message>
    <message>
        <source>Request (*.tsq)</source>
        <translation>Anfrage (*.tsq)</translation>
    </message>
    <message>
        <source>Attach a time stamp</source>
        <translation>Zeitstempel beifügen</translation>
    </message>
    <message>
        <source>Answer (*.tsr)</source>
        <translation>Antwort (*.tsr)</translation>
    </message>
    <message>
        <source>Check a report</source>
        <translation>Bericht prüfen</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>{count} in all</source>
        <translation>{count} insgesamt</translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{shown} von {count}</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Compute it and lay it over the picture</source>
        <translation>Berechnen und über das Bild legen</translation>
    </message>
    <message>
        <source>Findings by status</source>
        <translation>Befunde nach Status</translation>
    </message>
    <message>
        <source>Columns of the findings</source>
        <translation>Spalten der Befunde</translation>
    </message>
    <message>
        <source>Show findings by status</source>
        <translation>Befunde nach Status zeigen</translation>
    </message>
    <message>
        <source>Every status</source>
        <translation>Jeder Status</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>Derived</source>
        <translation>Abgeleitet</translation>
    </message>
    <message>
        <source>Inferred</source>
        <translation>Geschlossen</translation>
    </message>
    <message>
        <source>Not available</source>
        <translation>Nicht verfügbar</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Filter findings by words</source>
        <translation>Befunde nach Worten filtern</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>filtern</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the findings that are shown</source>
        <translation>Die gezeigten Befunde kopieren</translation>
    </message>
    <message>
        <source>Copy what is shown as a table (Ctrl+C)</source>
        <translation>Gezeigtes als Tabelle kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>About this method</source>
        <translation>Über dieses Verfahren</translation>
    </message>
    <message>
        <source>About the method of the chosen finding</source>
        <translation>Über das Verfahren des gewählten Befunds</translation>
    </message>
    <message>
        <source>Principle, what to look for, what to ignore</source>
        <translation>Prinzip, worauf achten, was nicht zählt</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Main actions</source>
        <translation>Wichtigste Aktionen</translation>
    </message>
    <message>
        <source>No case open</source>
        <translation>Kein Fall geöffnet</translation>
    </message>
    <message>
        <source>Adding a picture makes a case</source>
        <translation>Ein hinzugefügtes Bild legt einen Fall an</translation>
    </message>
    <message>
        <source>{name} (read only)</source>
        <translation>{name} (nur lesbar)</translation>
    </message>
    <message>
        <source>Case: {name}</source>
        <translation>Fall: {name}</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>How each method works</source>
        <translation>Wie jedes Verfahren arbeitet</translation>
    </message>
    <message>
        <source>Search in the pages</source>
        <translation>In den Seiten suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>No page has these words.</source>
        <translation>Keine Seite enthält diese Worte.</translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>Opening the help</source>
        <translation>Öffnen der Hilfe</translation>
    </message>
</context>
<context>
    <name>Lamp</name>
    <message>
        <source>ONLINE: {count}</source>
        <translation>ONLINE: {count}</translation>
    </message>
    <message>
        <source>Open connections of this program: {far}</source>
        <translation>Offene Verbindungen dieses Programms: {far}</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>offline</translation>
    </message>
    <message>
        <source>Pictures are examined on this machine alone. The program has no network connection; this is looked at every few seconds. Your files are only read.</source>
        <translation>Bilder werden allein auf diesem Rechner untersucht. Das Programm hat keine Netzverbindung; das wird alle paar Sekunden nachgesehen. Ihre Dateien werden nur gelesen.</translation>
    </message>
    <message>
        <source>Examined on {device}, {state}</source>
        <translation>Untersucht auf {device}, {state}</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>dieser Rechner</translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>Language of the system</source>
        <translation>Sprache des Systems</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>The window speaks it from its next start on.</source>
        <translation>Das Fenster spricht sie ab dem nächsten Start.</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Exhibit {number}{name}</source>
        <translation>Asservat {number}{name}</translation>
    </message>
    <message>
        <source>Artifact heat map</source>
        <translation>Wärmekarte der Artefakte</translation>
    </message>
    <message>
        <source>{name} …</source>
        <translation>{name} …</translation>
    </message>
    <message>
        <source>Each place is taken away in turn and the verdict is asked again. It takes seconds.</source>
        <translation>Jede Stelle wird der Reihe nach weggenommen und die Einstufung neu erfragt. Das dauert Sekunden.</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>cell {width} × {height} px</source>
        <translation>Zelle {width} × {height} px</translation>
    </message>
    <message>
        <source>block {width} × {height} px</source>
        <translation>Block {width} × {height} px</translation>
    </message>
    <message>
        <source>Heat map legend</source>
        <translation>Legende der Wärmekarte</translation>
    </message>
    <message>
        <source>artifact evidence</source>
        <translation>Artefakt-Hinweise</translation>
    </message>
    <message>
        <source>{what} on a fixed scale from 0 to 1. Hatched places hold no evidence either way. {cell}</source>
        <translation>{what} auf fester Skala von 0 bis 1. Schraffierte Stellen geben weder in die eine noch in die andere Richtung einen Hinweis. {cell}</translation>
    </message>
    <message>
        <source>no evidence here</source>
        <translation>hier kein Hinweis</translation>
    </message>
    <message>
        <source>Change in log-odds when a block is taken away, from {low} to {high}. Red blocks push towards AI, blue ones towards real. Hatched places are not read by the verdict. {block}</source>
        <translation>Änderung der Log-Odds, wenn ein Block weggenommen wird, von {low} bis {high}. Rote Blöcke sprechen für KI, blaue für echt. Schraffierte Stellen liest die Einstufung nicht. {block}</translation>
    </message>
    <message>
        <source>log-odds</source>
        <translation>Log-Odds</translation>
    </message>
    <message>
        <source>towards real {end}</source>
        <translation>für echt {end}</translation>
    </message>
    <message>
        <source>real {end}</source>
        <translation>echt {end}</translation>
    </message>
    <message>
        <source>{end} towards AI</source>
        <translation>{end} für KI</translation>
    </message>
    <message>
        <source>{end} AI</source>
        <translation>{end} KI</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>nicht gelesen</translation>
    </message>
</context>
<context>
    <name>ListHeading</name>
    <message>
        <source>Columns of the list</source>
        <translation>Spalten der Liste</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Case made</source>
        <translation>Fall angelegt</translation>
    </message>
    <message>
        <source>Case details changed</source>
        <translation>Angaben zum Fall geändert</translation>
    </message>
    <message>
        <source>Case saved under another name</source>
        <translation>Fall unter anderem Namen gespeichert</translation>
    </message>
    <message>
        <source>Case exported</source>
        <translation>Fall exportiert</translation>
    </message>
    <message>
        <source>Exhibit taken in</source>
        <translation>Asservat aufgenommen</translation>
    </message>
    <message>
        <source>Exhibits checked</source>
        <translation>Asservate überprüft</translation>
    </message>
    <message>
        <source>Scan began</source>
        <translation>Prüfung begonnen</translation>
    </message>
    <message>
        <source>Scan ended</source>
        <translation>Prüfung beendet</translation>
    </message>
    <message>
        <source>Scan stopped</source>
        <translation>Prüfung angehalten</translation>
    </message>
    <message>
        <source>Examined</source>
        <translation>Untersucht</translation>
    </message>
    <message>
        <source>Examined again</source>
        <translation>Erneut untersucht</translation>
    </message>
    <message>
        <source>Note written</source>
        <translation>Notiz geschrieben</translation>
    </message>
    <message>
        <source>Bookmark kept</source>
        <translation>Lesezeichen behalten</translation>
    </message>
    <message>
        <source>Drawing kept</source>
        <translation>Zeichnung behalten</translation>
    </message>
    <message>
        <source>Rated</source>
        <translation>Bewertet</translation>
    </message>
    <message>
        <source>Tagged</source>
        <translation>Schlagwort vergeben</translation>
    </message>
    <message>
        <source>Generated sentence changed</source>
        <translation>Erzeugter Satz geändert</translation>
    </message>
    <message>
        <source>Note taken back</source>
        <translation>Notiz zurückgenommen</translation>
    </message>
    <message>
        <source>Bookmark taken back</source>
        <translation>Lesezeichen zurückgenommen</translation>
    </message>
    <message>
        <source>Drawing taken back</source>
        <translation>Zeichnung zurückgenommen</translation>
    </message>
    <message>
        <source>Rating taken back</source>
        <translation>Bewertung zurückgenommen</translation>
    </message>
    <message>
        <source>Tag taken away</source>
        <translation>Schlagwort entfernt</translation>
    </message>
    <message>
        <source>Change of a sentence taken back</source>
        <translation>Änderung eines Satzes zurückgenommen</translation>
    </message>
    <message>
        <source>Brought back again</source>
        <translation>Wiederhergestellt</translation>
    </message>
    <message>
        <source>Setting kept</source>
        <translation>Einstellung behalten</translation>
    </message>
    <message>
        <source>Time stamp requested</source>
        <translation>Zeitstempel angefragt</translation>
    </message>
    <message>
        <source>Time stamp attached</source>
        <translation>Zeitstempel angefügt</translation>
    </message>
    <message>
        <source>Report written</source>
        <translation>Bericht geschrieben</translation>
    </message>
    <message>
        <source>Camera&apos;s fingerprint made</source>
        <translation>Kamera-Fingerabdruck erstellt</translation>
    </message>
    <message>
        <source>Picture tested with a camera&apos;s fingerprint</source>
        <translation>Bild mit Kamera-Fingerabdruck verglichen</translation>
    </message>
    <message>
        <source>Pictures compared with a camera&apos;s fingerprint</source>
        <translation>Bilder mit Kamera-Fingerabdruck verglichen</translation>
    </message>
    <message>
        <source>Camera removed</source>
        <translation>Kamera entfernt</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Time, UTC</source>
        <translation>Zeit, UTC</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Bearbeitet von</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Worüber</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hashwert</translation>
    </message>
</context>
<context>
    <name>Loupe</name>
    <message>
        <source>no evidence here</source>
        <translation>hier kein Hinweis</translation>
    </message>
    <message>
        <source>evidence {value}</source>
        <translation>Hinweis {value}</translation>
    </message>
    <message>
        <source>not read by the verdict</source>
        <translation>von der Einstufung nicht gelesen</translation>
    </message>
    <message>
        <source>log-odds {change}; p {without} without it</source>
        <translation>Log-Odds {change}; p {without} ohne ihn</translation>
    </message>
</context>
<context>
    <name>MachinePanel</name>
    <message>
        <source>THIS MACHINE</source>
        <translation>DIESER RECHNER</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Free disk</source>
        <translation>Freier Plattenplatz</translation>
    </message>
    <message>
        <source>Graphics</source>
        <translation>Grafik</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>wird nachgesehen …</translation>
    </message>
    <message>
        <source>Device that examines</source>
        <translation>Gerät, das untersucht</translation>
    </message>
    <message>
        <source>Choose for me</source>
        <translation>Automatisch wählen</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <source>Copy what a maintainer needs to know</source>
        <translation>Kopieren, was Entwickler wissen müssen</translation>
    </message>
    <message>
        <source>From a folder …</source>
        <translation>Aus einem Ordner …</translation>
    </message>
    <message>
        <source>Import a model from a folder</source>
        <translation>Ein Modell aus einem Ordner importieren</translation>
    </message>
    <message>
        <source>From an archive …</source>
        <translation>Aus einem Archiv …</translation>
    </message>
    <message>
        <source>Import a model from an archive</source>
        <translation>Ein Modell aus einem Archiv importieren</translation>
    </message>
    <message>
        <source>Into a folder …</source>
        <translation>In einen Ordner …</translation>
    </message>
    <message>
        <source>Export the models into a folder</source>
        <translation>Die Modelle in einen Ordner exportieren</translation>
    </message>
    <message>
        <source>Into an archive …</source>
        <translation>In ein Archiv …</translation>
    </message>
    <message>
        <source>Export the models into an archive</source>
        <translation>Die Modelle in ein Archiv exportieren</translation>
    </message>
    <message>
        <source>DEVICE</source>
        <translation>GERÄT</translation>
    </message>
    <message>
        <source>IMPORT A MODEL</source>
        <translation>MODELL IMPORTIEREN</translation>
    </message>
    <message>
        <source>A pack or its wheels, each file compared with its hash. Or a checkpoint: as it was published, or trained on Qwen2.5-VL, Qwen3-VL, InternVL3, SmolVLM2 or LLaVA-OneVision; its keys and shapes are checked. Nothing is downloaded.</source>
        <translation>Ein Paket oder seine Wheels, jede Datei mit ihrem Hashwert verglichen. Oder ein Checkpoint: wie er veröffentlicht wurde, oder trainiert auf Qwen2.5-VL, Qwen3-VL, InternVL3, SmolVLM2 oder LLaVA-OneVision; seine Schlüssel und Formen werden geprüft. Nichts wird heruntergeladen.</translation>
    </message>
    <message>
        <source>FOR A MACHINE WITHOUT A NETWORK</source>
        <translation>FÜR EINEN RECHNER OHNE NETZ</translation>
    </message>
    <message>
        <source>Writes every model with its hashes and licences, for example to a stick. An export that was interrupted goes on where it stopped.</source>
        <translation>Schreibt jedes Modell mit seinen Hashwerten und Lizenzen, zum Beispiel auf einen Stick. Ein unterbrochener Export geht dort weiter, wo er aufgehört hat.</translation>
    </message>
    <message>
        <source>FOR A BUG REPORT</source>
        <translation>FÜR EINEN FEHLERBERICHT</translation>
    </message>
    <message>
        <source>{total}, {free} free</source>
        <translation>{total}, {free} frei</translation>
    </message>
    <message>
        <source>{name}, {count} cores</source>
        <translation>{name}, {count} Kerne</translation>
    </message>
    <message>
        <source>none in use</source>
        <translation>keine in Gebrauch</translation>
    </message>
    <message>
        <source>copied</source>
        <translation>kopiert</translation>
    </message>
    <message>
        <source>writing and checking …</source>
        <translation>wird geschrieben und geprüft …</translation>
    </message>
</context>
<context>
    <name>Marks</name>
    <message>
        <source>Reading the marks</source>
        <translation>Lesen der Vermerke</translation>
    </message>
    <message>
        <source>rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>tag</source>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>ratings</source>
        <translation>Bewertungen</translation>
    </message>
    <message>
        <source>tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>tag taken away</source>
        <translation>Schlagwort entfernt</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <source>changed drawing</source>
        <translation>geänderte Zeichnung</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Taking the mark back</source>
        <translation>Zurücknehmen des Vermerks</translation>
    </message>
    <message>
        <source>Undoing</source>
        <translation>Rückgängigmachen</translation>
    </message>
    <message>
        <source>Doing it again</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Keeping the mark</source>
        <translation>Behalten des Vermerks</translation>
    </message>
    <message>
        <source>Keeping the marks</source>
        <translation>Behalten der Vermerke</translation>
    </message>
</context>
<context>
    <name>MarksOfExhibit</name>
    <message>
        <source>Undo: {what}</source>
        <translation>Rückgängig: {what}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo: {what}</source>
        <translation>Wiederholen: {what}</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>taking back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>ganzes Bild</translation>
    </message>
    <message>
        <source>view at {percent} %</source>
        <translation>Ansicht bei {percent} %</translation>
    </message>
    <message>
        <source>Note on exhibit {number}</source>
        <translation>Notiz zu Asservat {number}</translation>
    </message>
    <message>
        <source>Note on the verdict of exhibit {number}</source>
        <translation>Notiz zur Einstufung von Asservat {number}</translation>
    </message>
</context>
<context>
    <name>MarksPanel</name>
    <message>
        <source>Marks of the examiner</source>
        <translation>Vermerke der sachverständigen Person</translation>
    </message>
    <message>
        <source>Columns of the marks</source>
        <translation>Spalten der Vermerke</translation>
    </message>
    <message>
        <source>Nothing is marked. Draw with Shift+B, Shift+A or Shift+T, keep a view with Ctrl+D, write about the verdict with V.</source>
        <translation>Noch nichts vermerkt. Zeichnen mit Umschalt+B, Umschalt+A oder Umschalt+T, eine Ansicht behalten mit Strg+D, zur Einstufung schreiben mit V.</translation>
    </message>
    <message>
        <source>Note on the verdict …</source>
        <translation>Notiz zur Einstufung …</translation>
    </message>
    <message>
        <source>Write a note on the verdict</source>
        <translation>Eine Notiz zur Einstufung schreiben</translation>
    </message>
    <message>
        <source>Write a note on the verdict (V)</source>
        <translation>Eine Notiz zur Einstufung schreiben (V)</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>Word the chosen mark anew</source>
        <translation>Den gewählten Vermerk neu fassen</translation>
    </message>
    <message>
        <source>Word it anew; what was said before is kept (Enter)</source>
        <translation>Neu fassen; was vorher dastand, bleibt erhalten (Eingabe)</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Take the chosen mark back</source>
        <translation>Den gewählten Vermerk zurücknehmen</translation>
    </message>
    <message>
        <source>It stays in the log and can be undone (Delete)</source>
        <translation>Er bleibt im Protokoll und lässt sich wiederherstellen (Entf)</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Said of it</source>
        <translation>Dazu gesagt</translation>
    </message>
    <message>
        <source>box</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>ganzes Bild</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>Einstufung</translation>
    </message>
    <message>
        <source>exhibit</source>
        <translation>Asservat</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>{author}, {time}</source>
        <translation>{author}, {time}</translation>
    </message>
</context>
<context>
    <name>MessageDialog</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Details for the maintainers</source>
        <translation>Einzelheiten für die Entwickler</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Copy the details of this error</source>
        <translation>Die Einzelheiten dieses Fehlers kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>{doing} did not work</source>
        <translation>{doing} ist nicht gelungen</translation>
    </message>
    <message>
        <source>What this result cannot say:</source>
        <translation>Was dieses Ergebnis nicht sagen kann:</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Wie diese Einstufung zu lesen ist</translation>
    </message>
    <message>
        <source>Residua {version}</source>
        <translation>Residua {version}</translation>
    </message>
    <message>
        <source>Says whether a photograph is real, and why, on this machine alone. Licensed under Apache 2.0.</source>
        <translation>Sagt, ob ein Foto echt ist, und warum, allein auf diesem Rechner. Lizenziert unter Apache 2.0.</translation>
    </message>
    <message>
        <source>Residua made a mistake</source>
        <translation>Residua hat einen Fehler gemacht</translation>
    </message>
    <message>
        <source>This is a fault of the program, not of your picture. Results that were written are kept. Copy the details and send them to the maintainers.</source>
        <translation>Das ist ein Fehler des Programms, nicht Ihres Bilds. Geschriebene Ergebnisse bleiben erhalten. Kopieren Sie die Einzelheiten und senden Sie sie den Entwicklern.</translation>
    </message>
</context>
<context>
    <name>ModeBar</name>
    <message>
        <source>Show the layer</source>
        <translation>Ebene zeigen</translation>
    </message>
    <message>
        <source>Show or hide the layer (H)</source>
        <translation>Ebene zeigen oder verbergen (H)</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>What is compared with the picture ([ and ])</source>
        <translation>Was mit dem Bild verglichen wird ([ und ])</translation>
    </message>
    <message>
        <source>Opacity of the layer, percent</source>
        <translation>Deckkraft der Ebene, Prozent</translation>
    </message>
    <message>
        <source>Opacity of the layer</source>
        <translation>Deckkraft der Ebene</translation>
    </message>
    <message>
        <source>Enhancement of the difference</source>
        <translation>Verstärkung der Differenz</translation>
    </message>
    <message>
        <source>How much the difference is enhanced</source>
        <translation>Wie stark die Differenz verstärkt wird</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagern</translation>
    </message>
    <message>
        <source>Lay it over (O)</source>
        <translation>Darüberlegen (O)</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Side by side (S)</source>
        <translation>Nebeneinander (S)</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Wischen</translation>
    </message>
    <message>
        <source>Swipe with a line (W)</source>
        <translation>Mit einer Linie wischen (W)</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Blinken</translation>
    </message>
    <message>
        <source>Blink between both (B)</source>
        <translation>Zwischen beiden blinken (B)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Difference, for layers that are pictures (D)</source>
        <translation>Differenz, für Ebenen, die Bilder sind (D)</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Check every byte</source>
        <translation>Jedes Byte prüfen</translation>
    </message>
    <message>
        <source>Check every byte of the model {name}</source>
        <translation>Jedes Byte des Modells {name} prüfen</translation>
    </message>
    <message>
        <source>Use for scans</source>
        <translation>Für Prüfungen verwenden</translation>
    </message>
    <message>
        <source>Use the model {name} for scans</source>
        <translation>Das Modell {name} für Prüfungen verwenden</translation>
    </message>
    <message>
        <source>Ready. Sizes agree; the bytes are checked whenever it is loaded.</source>
        <translation>Bereit. Die Größen stimmen; die Bytes werden bei jedem Laden geprüft.</translation>
    </message>
    <message>
        <source>Reading every byte …</source>
        <translation>Jedes Byte wird gelesen …</translation>
    </message>
    <message>
        <source>Sound: {count} files have the hashes of the manifest.</source>
        <translation>Unversehrt: {count} Dateien haben die Hashwerte des Verzeichnisses.</translation>
    </message>
    <message>
        <source>this machine has enough</source>
        <translation>dieser Rechner hat genug</translation>
    </message>
    <message>
        <source>TOO LITTLE HERE</source>
        <translation>HIER ZU WENIG</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Validated for</source>
        <translation>Gültig für</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>short side from {value} px</source>
        <translation>kurze Seite ab {value} px</translation>
    </message>
    <message>
        <source>up to {value} megapixels</source>
        <translation>bis {value} Megapixel</translation>
    </message>
    <message>
        <source>JPEG quality from {value}</source>
        <translation>JPEG-Qualität ab {value}</translation>
    </message>
    <message>
        <source>calibrated on {real} real and {ai} generated pictures</source>
        <translation>kalibriert an {real} echten und {ai} erzeugten Bildern</translation>
    </message>
    <message>
        <source>nothing: no error rates were measured for it here</source>
        <translation>nichts: hier wurden keine Fehlerraten dafür gemessen</translation>
    </message>
</context>
<context>
    <name>ModelsPlace</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Asking the machine</source>
        <translation>Befragen des Rechners</translation>
    </message>
    <message>
        <source>Importing the model</source>
        <translation>Importieren des Modells</translation>
    </message>
    <message>
        <source>The models are exported</source>
        <translation>Die Modelle sind exportiert</translation>
    </message>
    <message>
        <source>{names}: with the hash of every file and the licences, in {place}. On the other machine, import that folder or archive on this page.</source>
        <translation>{names}: mit dem Hashwert jeder Datei und den Lizenzen, in {place}. Auf dem anderen Rechner importieren Sie diesen Ordner oder dieses Archiv auf dieser Seite.</translation>
    </message>
    <message>
        <source>Exporting the models</source>
        <translation>Exportieren der Modelle</translation>
    </message>
    <message>
        <source>Listing the models</source>
        <translation>Auflisten der Modelle</translation>
    </message>
    <message>
        <source>The model is imported</source>
        <translation>Das Modell ist importiert</translation>
    </message>
    <message>
        <source>{name} is installed, and every file has its hash.</source>
        <translation>{name} ist installiert, und jede Datei hat ihren Hashwert.</translation>
    </message>
    <message>
        <source>MODELS</source>
        <translation>MODELLE</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>wird nachgesehen …</translation>
    </message>
    <message>
        <source>No model is installed, so nothing can be examined yet. Import one at the right, or run “residua models assemble mini” once on a machine with a network.</source>
        <translation>Kein Modell ist installiert, also kann noch nichts untersucht werden. Rechts eines importieren, oder einmal „residua models assemble mini“ auf einem Rechner mit Netz ausführen.</translation>
    </message>
    <message>
        <source>Checking the model</source>
        <translation>Prüfen des Modells</translation>
    </message>
    <message>
        <source>Describing the program</source>
        <translation>Beschreiben des Programms</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>Text of the note</source>
        <translation>Text der Notiz</translation>
    </message>
    <message>
        <source>Kept in the case with your name and the time, and printed.</source>
        <translation>Wird mit Ihrem Namen und der Zeit im Fall aufbewahrt und gedruckt.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Notiz behalten</translation>
    </message>
    <message>
        <source>Keep the note (Ctrl+Enter)</source>
        <translation>Notiz behalten (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Do not keep the note</source>
        <translation>Notiz nicht behalten</translation>
    </message>
</context>
<context>
    <name>OutcomeDialog</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy these results</source>
        <translation>Diese Ergebnisse kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close these results</source>
        <translation>Diese Ergebnisse schließen</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Pages of the report</source>
        <translation>Seiten des Berichts</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Passphrase of the key</source>
        <translation>Passphrase des Schlüssels</translation>
    </message>
    <message>
        <source>Use key</source>
        <translation>Schlüssel verwenden</translation>
    </message>
    <message>
        <source>Use the key with this passphrase</source>
        <translation>Den Schlüssel mit dieser Passphrase verwenden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Do not use the key</source>
        <translation>Den Schlüssel nicht verwenden</translation>
    </message>
    <message>
        <source>Passphrase of {name}</source>
        <translation>Passphrase von {name}</translation>
    </message>
    <message>
        <source>That is not the passphrase of {name}</source>
        <translation>Das ist nicht die Passphrase von {name}</translation>
    </message>
    <message>
        <source>It is used once and kept nowhere.</source>
        <translation>Sie wird einmal verwendet und nirgends aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>Pickers</name>
    <message>
        <source>Add pictures</source>
        <translation>Bilder hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder of pictures</source>
        <translation>Einen Ordner mit Bildern hinzufügen</translation>
    </message>
    <message>
        <source>Import a model pack</source>
        <translation>Modellpaket importieren</translation>
    </message>
</context>
<context>
    <name>PicturePane</name>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Fit the picture into the view</source>
        <translation>Bild in die Ansicht einpassen</translation>
    </message>
    <message>
        <source>Show the whole picture (F)</source>
        <translation>Das ganze Bild zeigen (F)</translation>
    </message>
    <message>
        <source>1:1</source>
        <translation>1:1</translation>
    </message>
    <message>
        <source>Show the picture in its true size</source>
        <translation>Das Bild in wahrer Größe zeigen</translation>
    </message>
    <message>
        <source>One picture pixel a screen pixel (T)</source>
        <translation>Ein Bildpixel je Bildschirmpixel (T)</translation>
    </message>
    <message>
        <source>x {x}  y {y}</source>
        <translation>x {x}  y {y}</translation>
    </message>
</context>
<context>
    <name>ProbabilityScale</name>
    <message>
        <source>Probability scale</source>
        <translation>Skala der Wahrscheinlichkeit</translation>
    </message>
</context>
<context>
    <name>QueueWatch</name>
    <message>
        <source>{count} examined in {time}</source>
        <translation>{count} untersucht in {time}</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
        <source>In the case now: {ai} likely AI, {open} inconclusive, {real} without a sign.</source>
        <translation>Jetzt im Fall: {ai} wahrscheinlich KI, {open} nicht eindeutig, {real} ohne Anzeichen.</translation>
    </message>
    <message>
        <source>The scan has ended</source>
        <translation>Die Prüfung ist beendet</translation>
    </message>
</context>
<context>
    <name>ReadOutChart</name>
    <message>
        <source>Read-outs</source>
        <translation>Messwerte</translation>
    </message>
    <message>
        <source>Log-odds of “AI-generated”. Both: the whole model. Semantic: what is seen in the picture, without the artifact path. Artifact: traces of generation alone.</source>
        <translation>Log-Odds für „KI-erzeugt“. Beide: das ganze Modell. Semantisch: was im Bild zu sehen ist, ohne den Artefaktpfad. Artefakt: allein die Spuren der Erzeugung.</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Semantic</source>
        <translation>Semantik</translation>
    </message>
    <message>
        <source>Artifact</source>
        <translation>Artefakt</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>nicht gelaufen</translation>
    </message>
    <message>
        <source>← away</source>
        <translation>← dagegen</translation>
    </message>
    <message>
        <source>towards AI →</source>
        <translation>für KI →</translation>
    </message>
</context>
<context>
    <name>Rechecks</name>
    <message>
        <source>Examinations that were run again</source>
        <translation>Erneut berechnete Untersuchungen</translation>
    </message>
    <message>
        <source>Examination</source>
        <translation>Untersuchung</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Damals</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Apart</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>Erlaubt</translation>
    </message>
    <message>
        <source>not as then: {change}</source>
        <translation>nicht wie damals: {change}</translation>
    </message>
    <message>
        <source>not repeated</source>
        <translation>nicht wiederholt</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>stimmt überein</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>WEICHT AB</translation>
    </message>
    <message>
        <source>within</source>
        <translation>innerhalb</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>gleich</translation>
    </message>
</context>
<context>
    <name>ReportChoice</name>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Report on all exhibits</source>
        <translation>Bericht über alle Asservate</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Choose no exhibit</source>
        <translation>Kein Asservat wählen</translation>
    </message>
    <message>
        <source>Exhibits that go into the report</source>
        <translation>Asservate, die in den Bericht kommen</translation>
    </message>
    <message>
        <source>Table of custody</source>
        <translation>Tabelle der Beweismittelkette</translation>
    </message>
    <message>
        <source>Notes of the examiner</source>
        <translation>Notizen der sachverständigen Person</translation>
    </message>
    <message>
        <source>Decision table</source>
        <translation>Entscheidungstabelle</translation>
    </message>
    <message>
        <source>Entries of the custody log</source>
        <translation>Einträge des Beweismittelprotokolls</translation>
    </message>
    <message>
        <source>In the report: {part}</source>
        <translation>Im Bericht: {part}</translation>
    </message>
    <message>
        <source>Choose a key …</source>
        <translation>Schlüssel wählen …</translation>
    </message>
    <message>
        <source>Choose a key that signs the report</source>
        <translation>Einen Schlüssel wählen, der den Bericht signiert</translation>
    </message>
    <message>
        <source>Do not sign</source>
        <translation>Nicht signieren</translation>
    </message>
    <message>
        <source>Forget the key and do not sign</source>
        <translation>Den Schlüssel vergessen und nicht signieren</translation>
    </message>
    <message>
        <source>Write report …</source>
        <translation>Bericht schreiben …</translation>
    </message>
    <message>
        <source>Write the report as PDF</source>
        <translation>Den Bericht als PDF schreiben</translation>
    </message>
    <message>
        <source>Not signed. Choose a PKCS#12 or PEM key to sign.</source>
        <translation>Nicht signiert. Zum Signieren einen PKCS#12- oder PEM-Schlüssel wählen.</translation>
    </message>
    <message>
        <source>Signed by {subject}
Issued by {issuer}
Valid {valid}</source>
        <translation>Signiert von {subject}
Ausgestellt von {issuer}
Gültig {valid}</translation>
    </message>
    <message>
        <source>EXHIBITS</source>
        <translation>ASSERVATE</translation>
    </message>
    <message>
        <source>PARTS</source>
        <translation>TEILE</translation>
    </message>
    <message>
        <source>Question, exhibits, methods, results, failures, limitations, conclusion, how to repeat it, the log&apos;s head and the declaration are always in: without them nobody can judge the result. The cover names what is left out.</source>
        <translation>Frage, Asservate, Verfahren, Ergebnisse, Fehlschläge, Grenzen, Schlussfolgerung, Wiederholung, Kopf des Protokolls und Erklärung sind immer dabei: ohne sie kann niemand das Ergebnis beurteilen. Das Deckblatt nennt, was ausgelassen ist.</translation>
    </message>
    <message>
        <source>SIGNATURE</source>
        <translation>SIGNATUR</translation>
    </message>
</context>
<context>
    <name>ReportPlace</name>
    <message>
        <source>Chapter of the report</source>
        <translation>Kapitel des Berichts</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Make pages as wide as the view</source>
        <translation>Seiten so breit wie die Ansicht</translation>
    </message>
    <message>
        <source>Smaller pages</source>
        <translation>Kleinere Seiten</translation>
    </message>
    <message>
        <source>Larger pages</source>
        <translation>Größere Seiten</translation>
    </message>
    <message>
        <source>Show the pages</source>
        <translation>Seiten zeigen</translation>
    </message>
    <message>
        <source>Lay the report out and show its pages</source>
        <translation>Den Bericht setzen und seine Seiten zeigen</translation>
    </message>
    <message>
        <source>Check a report …</source>
        <translation>Bericht prüfen …</translation>
    </message>
    <message>
        <source>Check a report, offline</source>
        <translation>Einen Bericht prüfen, offline</translation>
    </message>
    <message>
        <source>With the files …</source>
        <translation>Mit den Dateien …</translation>
    </message>
    <message>
        <source>Check a report together with the exhibits&apos; files</source>
        <translation>Einen Bericht zusammen mit den Dateien der Asservate prüfen</translation>
    </message>
    <message>
        <source>CHECK A REPORT</source>
        <translation>BERICHT PRÜFEN</translation>
    </message>
    <message>
        <source>Signature, every word and picture of the pages, the custody log and the hashes, without a network. A report is checked as soon as it is written.</source>
        <translation>Signatur, jedes Wort und Bild der Seiten, das Beweismittelprotokoll und die Hashwerte, ohne Netz. Ein Bericht wird geprüft, sobald er geschrieben ist.</translation>
    </message>
    <message>
        <source>Choose at least one exhibit on the left.</source>
        <translation>Links mindestens ein Asservat wählen.</translation>
    </message>
    <message>
        <source>{count} exhibits take a while to lay out.</source>
        <translation>{count} Asservate zu setzen dauert eine Weile.</translation>
    </message>
    <message>
        <source>Laying the pages out …</source>
        <translation>Die Seiten werden gesetzt …</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Angehalten. Nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>page {number} of {pages}</source>
        <translation>Seite {number} von {pages}</translation>
    </message>
    <message>
        <source>{failed} FAILED</source>
        <translation>{failed} DURCHGEFALLEN</translation>
    </message>
    <message>
        <source>{passed} hold</source>
        <translation>{passed} bestanden</translation>
    </message>
</context>
<context>
    <name>Reporting</name>
    <message>
        <source>Reading the key</source>
        <translation>Lesen des Schlüssels</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Schreiben des Berichts</translation>
    </message>
    <message>
        <source>Checking the report</source>
        <translation>Prüfen des Berichts</translation>
    </message>
    <message>
        <source>Laying the report out</source>
        <translation>Setzen des Berichts</translation>
    </message>
    <message>
        <source>Showing the page</source>
        <translation>Zeigen der Seite</translation>
    </message>
</context>
<context>
    <name>Resting</name>
    <message>
        <source>What the verdict rests on</source>
        <translation>Worauf die Einstufung beruht</translation>
    </message>
</context>
<context>
    <name>RestsStrip</name>
    <message>
        <source>What the map shows and what not</source>
        <translation>Was die Karte zeigt und was nicht</translation>
    </message>
    <message>
        <source>How far the verdict has been asked</source>
        <translation>Wie weit die Einstufung erfragt ist</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop asking what the verdict rests on</source>
        <translation>Nicht weiter fragen, worauf die Einstufung beruht</translation>
    </message>
    <message>
        <source>About this map</source>
        <translation>Über diese Karte</translation>
    </message>
    <message>
        <source>About the map of what the verdict rests on</source>
        <translation>Über die Karte dessen, worauf die Einstufung beruht</translation>
    </message>
    <message>
        <source>Waiting for the model …</source>
        <translation>Wartet auf das Modell …</translation>
    </message>
    <message>
        <source>Asking the verdict without each place: {done} of {total} …</source>
        <translation>Die Einstufung ohne jede einzelne Stelle: {done} von {total} …</translation>
    </message>
    <message>
        <source>Getting picture and model ready …</source>
        <translation>Bild und Modell werden bereitgemacht …</translation>
    </message>
    <message>
        <source>How far the log-odds of AI fall when a block is painted in the mean colour and the verdict is asked again. It shows what the verdict reacts to, not what was generated or edited; values do not add up, and blurred blocks would give another map. Not kept in the case.</source>
        <translation>Wie weit die Log-Odds für KI fallen, wenn ein Block in der mittleren Farbe übermalt und die Einstufung neu erfragt wird. Es zeigt, worauf sie reagiert, nicht, was erzeugt oder bearbeitet wurde; Werte summieren sich nicht, unscharfe Blöcke gäben eine andere Karte. Nicht im Fall aufbewahrt.</translation>
    </message>
    <message>
        <source>Asked now, p is {now}; in the examination it was {then}, by another model or machine: the map explains the p of now.</source>
        <translation>Jetzt erfragt ist p {now}, in der Untersuchung war es {then}, mit anderem Modell oder Gerät: die Karte erklärt das jetzige p.</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>{length} px  ·  {angle}°  ·  dx {dx}  dy {dy}</source>
        <translation>{length} px  ·  {angle}°  ·  dx {dx}  dy {dy}</translation>
    </message>
</context>
<context>
    <name>Sayings</name>
    <message>
        <source>Likely AI-generated</source>
        <translation>Wahrscheinlich KI-erzeugt</translation>
    </message>
    <message>
        <source>No sign of AI generation found</source>
        <translation>Kein Anzeichen für KI-Erzeugung gefunden</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>Not examined</source>
        <translation>Nicht untersucht</translation>
    </message>
    <message>
        <source>The probability reaches the upper threshold of {high}.</source>
        <translation>Die Wahrscheinlichkeit erreicht die obere Schwelle von {high}.</translation>
    </message>
    <message>
        <source>The probability ({p}) reaches the upper threshold of {high}.</source>
        <translation>Die Wahrscheinlichkeit ({p}) erreicht die obere Schwelle von {high}.</translation>
    </message>
    <message>
        <source>The probability ({p}) stays at or below the lower threshold of {low}.</source>
        <translation>Die Wahrscheinlichkeit ({p}) liegt an oder unter der unteren Schwelle von {low}.</translation>
    </message>
    <message>
        <source>The probability stays at or below the lower threshold of {low}.</source>
        <translation>Die Wahrscheinlichkeit liegt an oder unter der unteren Schwelle von {low}.</translation>
    </message>
    <message>
        <source>The probability lies between the thresholds {low} and {high}, where errors of both kinds are frequent.</source>
        <translation>Die Wahrscheinlichkeit liegt zwischen den Schwellen {low} und {high}, wo Fehler beider Arten häufig sind.</translation>
    </message>
    <message>
        <source>The probability ({p}) lies between the thresholds {low} and {high}, where errors of both kinds are frequent.</source>
        <translation>Die Wahrscheinlichkeit ({p}) liegt zwischen den Schwellen {low} und {high}, wo Fehler beider Arten häufig sind.</translation>
    </message>
    <message>
        <source>The calibration set leaves it between {low} and {high}.</source>
        <translation>Nach den Kalibrierbildern liegt sie zwischen {low} und {high}.</translation>
    </message>
    <message>
        <source>The calibration set leaves it above {low}.</source>
        <translation>Nach den Kalibrierbildern liegt sie über {low}.</translation>
    </message>
    <message>
        <source>The calibration set leaves it below {high}.</source>
        <translation>Nach den Kalibrierbildern liegt sie unter {high}.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its short side of {side} px is below {least} px.</source>
        <translation>Außerhalb des Bereichs, in dem Fehlerraten gemessen wurden: die kurze Seite von {side} px liegt unter {least} px.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its {size} MP are above {most} MP.</source>
        <translation>Außerhalb des Bereichs, in dem Fehlerraten gemessen wurden: seine {size} MP liegen über {most} MP.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its JPEG quality of about {quality} is below {least}.</source>
        <translation>Außerhalb des Bereichs, in dem Fehlerraten gemessen wurden: die JPEG-Qualität von etwa {quality} liegt unter {least}.</translation>
    </message>
    <message>
        <source>between {low} and {high}</source>
        <translation>zwischen {low} und {high}</translation>
    </message>
    <message>
        <source>Inside the range of sizes and compressions where error rates were measured.</source>
        <translation>Innerhalb des Bereichs von Größen und Kompressionen, in dem Fehlerraten gemessen wurden.</translation>
    </message>
    <message>
        <source>OUTSIDE the range of sizes and compressions where error rates were measured: the probability may be wrong by more than is stated.</source>
        <translation>AUSSERHALB des Bereichs von Größen und Kompressionen, in dem Fehlerraten gemessen wurden: die Wahrscheinlichkeit kann stärker abweichen als angegeben.</translation>
    </message>
    <message>
        <source>Not measured: the picture lies outside the measured range.</source>
        <translation>Nicht gemessen: das Bild liegt außerhalb des gemessenen Bereichs.</translation>
    </message>
    <message>
        <source>Not measured for triage, in which the language model takes no part.</source>
        <translation>Für die Vorsichtung nicht gemessen, an der das Sprachmodell nicht beteiligt ist.</translation>
    </message>
    <message>
        <source>Not measured: no error rates ship with these weights.</source>
        <translation>Nicht gemessen: zu diesen Gewichten gehören keine Fehlerraten.</translation>
    </message>
    <message>
        <source>Not measured in a condition like that of this picture.</source>
        <translation>In einem Zustand wie dem dieses Bildes nicht gemessen.</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>the bytes of the file say so</source>
        <translation>so sagen es die Bytes der Datei</translation>
    </message>
    <message>
        <source>Derived</source>
        <translation>Abgeleitet</translation>
    </message>
    <message>
        <source>computed from the pixels or bytes, repeatable</source>
        <translation>aus Pixeln oder Bytes berechnet, wiederholbar</translation>
    </message>
    <message>
        <source>Inferred</source>
        <translation>Geschlossen</translation>
    </message>
    <message>
        <source>a model&apos;s opinion</source>
        <translation>die Meinung eines Modells</translation>
    </message>
    <message>
        <source>Not available</source>
        <translation>Nicht verfügbar</translation>
    </message>
    <message>
        <source>could not be examined, with the reason</source>
        <translation>konnte nicht untersucht werden, mit Grund</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>the analyser stopped with an error</source>
        <translation>das Verfahren brach mit einem Fehler ab</translation>
    </message>
    <message>
        <source>STATEMENT</source>
        <translation>AUSSAGE</translation>
    </message>
    <message>
        <source>CONFLICT</source>
        <translation>WIDERSPRUCH</translation>
    </message>
    <message>
        <source>Content Credentials do not fit this file</source>
        <translation>Die Content Credentials passen nicht zu dieser Datei</translation>
    </message>
    <message>
        <source>The file contradicts itself about its origin</source>
        <translation>Die Datei widerspricht sich über ihre Herkunft</translation>
    </message>
    <message>
        <source>Signed as AI-generated, and the pixels agree</source>
        <translation>Als KI-erzeugt signiert, und die Pixel stimmen überein</translation>
    </message>
    <message>
        <source>Signed as AI-generated, but the pixels show no sign</source>
        <translation>Als KI-erzeugt signiert, aber die Pixel zeigen kein Anzeichen</translation>
    </message>
    <message>
        <source>Signed as AI-generated; the pixels leave it open</source>
        <translation>Als KI-erzeugt signiert; die Pixel lassen es offen</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model, and a part differs from the rest</source>
        <translation>Als mit einem generativen Modell bearbeitet signiert, und ein Teil weicht vom Rest ab</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model, and the pixels agree</source>
        <translation>Als mit einem generativen Modell bearbeitet signiert, und die Pixel stimmen überein</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model</source>
        <translation>Als mit einem generativen Modell bearbeitet signiert</translation>
    </message>
    <message>
        <source>Signed as captured by a camera; no sign of AI generation</source>
        <translation>Als Aufnahme einer Kamera signiert; kein Anzeichen für KI-Erzeugung</translation>
    </message>
    <message>
        <source>Signed as captured by a camera, but a part differs from the rest</source>
        <translation>Als Aufnahme einer Kamera signiert, aber ein Teil weicht vom Rest ab</translation>
    </message>
    <message>
        <source>Signed as captured by a camera, but the pixels speak for AI</source>
        <translation>Als Aufnahme einer Kamera signiert, aber die Pixel sprechen für KI</translation>
    </message>
    <message>
        <source>Signed as captured by a camera; the pixels leave it open</source>
        <translation>Als Aufnahme einer Kamera signiert; die Pixel lassen es offen</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark, and the pixels agree</source>
        <translation>Das Wasserzeichen eines Generators, und die Pixel stimmen überein</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark, but the pixels show no other sign</source>
        <translation>Das Wasserzeichen eines Generators, aber die Pixel zeigen sonst kein Anzeichen</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark; the pixels leave it open</source>
        <translation>Das Wasserzeichen eines Generators; die Pixel lassen es offen</translation>
    </message>
    <message>
        <source>Marked as AI-generated, and the pixels agree</source>
        <translation>Als KI-erzeugt gekennzeichnet, und die Pixel stimmen überein</translation>
    </message>
    <message>
        <source>Marked as AI-generated, but the pixels show no sign</source>
        <translation>Als KI-erzeugt gekennzeichnet, aber die Pixel zeigen kein Anzeichen</translation>
    </message>
    <message>
        <source>Marked as AI-generated; the pixels leave it open</source>
        <translation>Als KI-erzeugt gekennzeichnet; die Pixel lassen es offen</translation>
    </message>
    <message>
        <source>Marked as edited with a generative model, and a part differs from the rest</source>
        <translation>Als mit einem generativen Modell bearbeitet gekennzeichnet, und ein Teil weicht vom Rest ab</translation>
    </message>
    <message>
        <source>Marked as edited with a generative model</source>
        <translation>Als mit einem generativen Modell bearbeitet gekennzeichnet</translation>
    </message>
    <message>
        <source>No sign of AI generation; credentials of an unverified signer say: captured</source>
        <translation>Kein Anzeichen für KI-Erzeugung; Credentials eines ungeprüften Unterzeichners sagen: aufgenommen</translation>
    </message>
    <message>
        <source>A part differs from the rest; credentials of an unverified signer say: captured</source>
        <translation>Ein Teil weicht vom Rest ab; Credentials eines ungeprüften Unterzeichners sagen: aufgenommen</translation>
    </message>
    <message>
        <source>The pixels speak for AI; credentials of an unverified signer say: captured</source>
        <translation>Die Pixel sprechen für KI; Credentials eines ungeprüften Unterzeichners sagen: aufgenommen</translation>
    </message>
    <message>
        <source>Undecided; credentials of an unverified signer say: captured</source>
        <translation>Unentschieden; Credentials eines ungeprüften Unterzeichners sagen: aufgenommen</translation>
    </message>
    <message>
        <source>Locally edited: a part differs from the rest; the metadata name a camera</source>
        <translation>Teilweise bearbeitet: ein Teil weicht vom Rest ab; die Metadaten nennen eine Kamera</translation>
    </message>
    <message>
        <source>The pixels speak for AI, the metadata name a camera</source>
        <translation>Die Pixel sprechen für KI, die Metadaten nennen eine Kamera</translation>
    </message>
    <message>
        <source>No sign of AI generation; the metadata name a camera</source>
        <translation>Kein Anzeichen für KI-Erzeugung; die Metadaten nennen eine Kamera</translation>
    </message>
    <message>
        <source>Undecided; the metadata name a camera</source>
        <translation>Unentschieden; die Metadaten nennen eine Kamera</translation>
    </message>
    <message>
        <source>Outside the measured range; the metadata name a camera</source>
        <translation>Außerhalb des gemessenen Bereichs; die Metadaten nennen eine Kamera</translation>
    </message>
    <message>
        <source>The metadata name a camera but do not go together</source>
        <translation>Die Metadaten nennen eine Kamera, passen aber nicht zusammen</translation>
    </message>
    <message>
        <source>Locally edited: a part differs from the rest</source>
        <translation>Teilweise bearbeitet: ein Teil weicht vom Rest ab</translation>
    </message>
    <message>
        <source>The pixels speak for AI, and a part differs from the rest</source>
        <translation>Die Pixel sprechen für KI, und ein Teil weicht vom Rest ab</translation>
    </message>
    <message>
        <source>The pixels speak for AI; the file itself says nothing</source>
        <translation>Die Pixel sprechen für KI; die Datei selbst sagt nichts</translation>
    </message>
    <message>
        <source>No sign of AI generation; the file itself says nothing</source>
        <translation>Kein Anzeichen für KI-Erzeugung; die Datei selbst sagt nichts</translation>
    </message>
    <message>
        <source>Undecided: neither pixels nor file settle it</source>
        <translation>Unentschieden: weder Pixel noch Datei klären es</translation>
    </message>
    <message>
        <source>Outside the measured range: no conclusion</source>
        <translation>Außerhalb des gemessenen Bereichs: kein Schluss</translation>
    </message>
    <message>
        <source>Parts of the file do not go together</source>
        <translation>Teile der Datei passen nicht zusammen</translation>
    </message>
    <message>
        <source>The file was changed after it was signed, or the credentials were taken from another file. What they claim cannot be relied on. The verdict rests on the pixels alone. Ask for the file as it was signed.</source>
        <translation>Die Datei wurde nach dem Signieren verändert, oder die Credentials stammen aus einer anderen Datei. Auf ihre Angaben ist kein Verlass. Die Einstufung beruht allein auf den Pixeln. Verlangen Sie die Datei, wie sie signiert wurde.</translation>
    </message>
    <message>
        <source>Some of its facts say that a generative model was used, others that a camera took it. A photograph that was edited with a model carries both; otherwise one of them was copied. The cited findings name them.</source>
        <translation>Manche Tatsachen sagen, dass ein generatives Modell im Spiel war, andere, dass eine Kamera das Bild aufnahm. Eine Fotografie, die mit einem Modell bearbeitet wurde, trägt beides; sonst wurde eines davon kopiert. Die genannten Befunde führen sie auf.</translation>
    </message>
    <message>
        <source>The part that is outlined lacks the earlier compression that the rest carries: it was put in, generated or painted over after the picture had been saved. What was done, and whether a generator did it, the trace does not say. Compare with an earlier copy.</source>
        <translation>Dem umrandeten Teil fehlt die frühere Kompression, die der Rest trägt: er wurde eingefügt, erzeugt oder übermalt, nachdem das Bild gespeichert war. Was geschah, und ob ein Generator es tat, sagt die Spur nicht. Vergleichen Sie mit einer früheren Fassung.</translation>
    </message>
    <message>
        <source>The model finds the picture likely AI-generated, and the part that is outlined lacks the earlier compression that the rest carries. Either a generated picture was edited afterwards, or a photograph was, with a generated part. Compare with an earlier copy.</source>
        <translation>Das Modell hält das Bild für wahrscheinlich KI-erzeugt, und dem umrandeten Teil fehlt die frühere Kompression, die der Rest trägt. Entweder wurde ein erzeugtes Bild danach bearbeitet, oder eine Fotografie mit einem erzeugten Teil. Vergleichen Sie mit einer früheren Fassung.</translation>
    </message>
    <message>
        <source>The model finds the picture likely AI-generated. No fact of the file speaks for or against it, which is usual for pictures from websites and messengers. Look for the earliest copy of the picture.</source>
        <translation>Das Modell hält das Bild für wahrscheinlich KI-erzeugt. Keine Tatsache der Datei spricht dafür oder dagegen, was bei Bildern aus dem Netz und aus Messengern üblich ist. Suchen Sie die früheste Fassung des Bildes.</translation>
    </message>
    <message>
        <source>Neither the pixels nor the file show a sign of generation. That is not proof of a photograph: generators that the model does not know, and pictures compressed again, can pass. Look for the earliest copy of the picture.</source>
        <translation>Weder die Pixel noch die Datei zeigen ein Anzeichen für Erzeugung. Das beweist keine Fotografie: Generatoren, die das Modell nicht kennt, und erneut komprimierte Bilder können durchgehen. Suchen Sie die früheste Fassung des Bildes.</translation>
    </message>
    <message>
        <source>The model reached no conclusion and no fact of the file speaks of its origin. Other evidence has to decide: look for the earliest copy, for the author, and for other pictures of the scene.</source>
        <translation>Das Modell kam zu keinem Schluss, und keine Tatsache der Datei spricht von ihrer Herkunft. Anderes muss entscheiden: suchen Sie die früheste Fassung, den Urheber und weitere Bilder der Szene.</translation>
    </message>
    <message>
        <source>Size or compression lie where the model&apos;s error rates were not measured, and no fact of the file speaks of its origin. A larger or less compressed copy may be judged.</source>
        <translation>Größe oder Kompression liegen dort, wo die Fehlerraten des Modells nicht gemessen wurden, und keine Tatsache der Datei spricht von ihrer Herkunft. Eine größere oder weniger komprimierte Fassung lässt sich vielleicht beurteilen.</translation>
    </message>
    <message>
        <source>Dates, sizes or thumbnail of the file contradict each other: a program saved or edited it and left parts as they were. That is common and no sign of AI by itself; the cited findings say what differs.</source>
        <translation>Daten, Größen oder Vorschaubild der Datei widersprechen einander: ein Programm speicherte oder bearbeitete sie und ließ Teile, wie sie waren. Das ist häufig und für sich kein Anzeichen für KI; die genannten Befunde sagen, was abweicht.</translation>
    </message>
</context>
<context>
    <name>SentenceRow</name>
    <message>
        <source>Sentence {number}: {text}</source>
        <translation>Satz {number}: {text}</translation>
    </message>
    <message>
        <source>Rests on {tags}</source>
        <translation>Beruht auf {tags}</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Opening the case</source>
        <translation>Öffnen des Falls</translation>
    </message>
    <message>
        <source>Importing the case</source>
        <translation>Importieren des Falls</translation>
    </message>
    <message>
        <source>Saving the case</source>
        <translation>Speichern des Falls</translation>
    </message>
    <message>
        <source>Opening the pictures</source>
        <translation>Öffnen der Bilder</translation>
    </message>
    <message>
        <source>Checking the exhibits</source>
        <translation>Überprüfen der Asservate</translation>
    </message>
    <message>
        <source>No pictures found</source>
        <translation>Keine Bilder gefunden</translation>
    </message>
    <message>
        <source>{ignored} files were looked at and none is a picture. JPEG, PNG, WebP, TIFF, HEIC, AVIF and other image files can be examined.</source>
        <translation>{ignored} Dateien wurden angesehen, keine ist ein Bild. JPEG, PNG, WebP, TIFF, HEIC, AVIF und andere Bilddateien können untersucht werden.</translation>
    </message>
    <message>
        <source>Untitled case</source>
        <translation>Unbenannter Fall</translation>
    </message>
    <message>
        <source>Making a case</source>
        <translation>Anlegen eines Falls</translation>
    </message>
    <message>
        <source>Taking the pictures in</source>
        <translation>Aufnehmen der Bilder</translation>
    </message>
    <message>
        <source>Reading the case</source>
        <translation>Lesen des Falls</translation>
    </message>
    <message>
        <source>Nothing can be added: {reason}.</source>
        <translation>Nichts kann hinzugefügt werden: {reason}.</translation>
    </message>
    <message>
        <source>This case can only be read</source>
        <translation>Dieser Fall kann nur gelesen werden</translation>
    </message>
    <message>
        <source>Examining the pictures</source>
        <translation>Untersuchen der Bilder</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Space, middle button</source>
        <translation>Leertaste, mittlere Taste</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Bild bewegen</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>Am Zeiger zoomen</translation>
    </message>
    <message>
        <source>Shift+Arrows</source>
        <translation>Umschalt+Pfeile</translation>
    </message>
    <message>
        <source>Move the line of Swipe</source>
        <translation>Die Linie beim Wischen bewegen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the sheet of keys</source>
        <translation>Das Tastenblatt schließen</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>{name}, view</source>
        <translation>{name}, Ansicht</translation>
    </message>
    <message>
        <source>Artifact heat map</source>
        <translation>Wärmekarte der Artefakte</translation>
    </message>
</context>
<context>
    <name>Stars</name>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>How much this exhibit matters (keys 0 to 5)</source>
        <translation>Wie wichtig dieses Asservat ist (Tasten 0 bis 5)</translation>
    </message>
    <message>
        <source>{stars} of {most}</source>
        <translation>{stars} von {most}</translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>Places</source>
        <translation>Orte</translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message>
        <source>Tag</source>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>Tag for 1 exhibit</source>
        <translation>Schlagwort für 1 Asservat</translation>
    </message>
    <message>
        <source>Tag for {count} exhibits</source>
        <translation>Schlagwort für {count} Asservate</translation>
    </message>
</context>
<context>
    <name>TagRow</name>
    <message>
        <source>Add a tag</source>
        <translation>Schlagwort hinzufügen</translation>
    </message>
    <message>
        <source>add a tag</source>
        <translation>Schlagwort hinzufügen</translation>
    </message>
    <message>
        <source>Add a tag (Ctrl+T)</source>
        <translation>Schlagwort hinzufügen (Strg+T)</translation>
    </message>
    <message>
        <source>Tag {tag}, press to take it away</source>
        <translation>Schlagwort {tag}, drücken zum Entfernen</translation>
    </message>
    <message>
        <source>{tag}: press to take the tag away</source>
        <translation>{tag}: drücken, um das Schlagwort zu entfernen</translation>
    </message>
    <message>
        <source>{count} more tags</source>
        <translation>{count} weitere Schlagwörter</translation>
    </message>
    <message>
        <source>More tags</source>
        <translation>Weitere Schlagwörter</translation>
    </message>
    <message>
        <source>Take away {tag}</source>
        <translation>{tag} entfernen</translation>
    </message>
</context>
<context>
    <name>ToolStrip</name>
    <message>
        <source>Move</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Move and choose (Esc)</source>
        <translation>Bewegen und wählen (Esc)</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>Measure in original pixels (R)</source>
        <translation>In Originalpixeln messen (R)</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Magnifier (M)</source>
        <translation>Lupe (M)</translation>
    </message>
    <message>
        <source>Cell grid</source>
        <translation>Zellraster</translation>
    </message>
    <message>
        <source>Cells of the heat map (G)</source>
        <translation>Zellen der Wärmekarte (G)</translation>
    </message>
    <message>
        <source>Draw a box</source>
        <translation>Rechteck zeichnen</translation>
    </message>
    <message>
        <source>Draw a box (Shift+B)</source>
        <translation>Rechteck zeichnen (Umschalt+B)</translation>
    </message>
    <message>
        <source>Draw an arrow</source>
        <translation>Pfeil zeichnen</translation>
    </message>
    <message>
        <source>Draw an arrow (Shift+A)</source>
        <translation>Pfeil zeichnen (Umschalt+A)</translation>
    </message>
    <message>
        <source>Write on the picture</source>
        <translation>Auf das Bild schreiben</translation>
    </message>
    <message>
        <source>Write (Shift+T)</source>
        <translation>Schreiben (Umschalt+T)</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Tour</source>
        <translation>Rundgang</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} von {total}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>Rundgang beenden</translation>
    </message>
    <message>
        <source>Back to the part before</source>
        <translation>Zurück zum vorigen Teil</translation>
    </message>
    <message>
        <source>On to the next part</source>
        <translation>Weiter zum nächsten Teil</translation>
    </message>
</context>
<context>
    <name>Touring</name>
    <message>
        <source>Your exhibits</source>
        <translation>Ihre Asservate</translation>
    </message>
    <message>
        <source>Every picture is an exhibit of a case, saved from the first one on. The shape and the word tell its band; the number is the probability of AI.</source>
        <translation>Jedes Bild ist ein Asservat eines Falls, vom ersten an gespeichert. Form und Wort nennen die Einstufung; die Zahl ist die Wahrscheinlichkeit für KI.</translation>
    </message>
    <message>
        <source>The picture and its map</source>
        <translation>Das Bild und seine Karte</translation>
    </message>
    <message>
        <source>The heat map shows what sets each place apart from the rest of its picture, on a fixed scale. Hatched places hold no evidence. Change how both are laid together below the picture.</source>
        <translation>Die Wärmekarte zeigt auf fester Skala, was jede Stelle vom Rest ihres Bildes abhebt. Schraffierte Stellen geben keinen Hinweis. Unter dem Bild wählen, wie beide zusammengelegt werden.</translation>
    </message>
    <message>
        <source>The verdict</source>
        <translation>Die Einstufung</translation>
    </message>
    <message>
        <source>A band, a probability with its interval, and how often such a verdict is wrong. Inconclusive is a result too. Read “How to read this” before you rely on it.</source>
        <translation>Eine Einstufung, eine Wahrscheinlichkeit mit Intervall, und wie oft so etwas falsch ist. Auch „nicht eindeutig“ ist ein Ergebnis. Vor dem Gebrauch „Wie das zu lesen ist“ lesen.</translation>
    </message>
    <message>
        <source>Words and places</source>
        <translation>Worte und Stellen</translation>
    </message>
    <message>
        <source>Point at a sentence and its place lights up. Each sentence names the findings it rests on; what did not pass the checks was left out.</source>
        <translation>Auf einen Satz zeigen, und seine Stelle leuchtet auf. Jeder Satz nennt die Befunde, auf denen er beruht; was die Prüfungen nicht bestand, fehlt.</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>What the bytes say, what was computed, what a model thinks: kept apart. “About this method” explains each of them, and where it fails.</source>
        <translation>Was die Bytes sagen, was berechnet wurde, was ein Modell meint: getrennt gehalten. „Über dieses Verfahren“ erklärt jedes, und wo es versagt.</translation>
    </message>
    <message>
        <source>From the case to the report</source>
        <translation>Vom Fall zum Bericht</translation>
    </message>
    <message>
        <source>Case keeps custody and notes, Triage sorts many pictures, Report shows the pages before they are written and checks them afterwards.</source>
        <translation>„Fall“ bewahrt Beweismittelkette und Notizen, „Vorsichtung“ ordnet viele Bilder, „Bericht“ zeigt die Seiten, bevor sie geschrieben werden, und prüft sie danach.</translation>
    </message>
</context>
<context>
    <name>TriageActions</name>
    <message>
        <source>Examine</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation>Zwei vergleichen</translation>
    </message>
    <message>
        <source>Scan these</source>
        <translation>Diese prüfen</translation>
    </message>
    <message>
        <source>Tag …</source>
        <translation>Schlagwort …</translation>
    </message>
    <message>
        <source>Make a camera&apos;s fingerprint …</source>
        <translation>Fingerabdruck einer Kamera erstellen …</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Sort anew</source>
        <translation>Neu sortieren</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Larger cards</source>
        <translation>Größere Karten</translation>
    </message>
    <message>
        <source>Smaller cards</source>
        <translation>Kleinere Karten</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>Alle wählen</translation>
    </message>
    <message>
        <source>Chosen exhibits</source>
        <translation>Gewählte Asservate</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>Compare with a camera</source>
        <translation>Mit einer Kamera vergleichen</translation>
    </message>
</context>
<context>
    <name>TriageBar</name>
    <message>
        <source>Name, folder, tag, #number …</source>
        <translation>Name, Ordner, Schlagwort, #Nummer …</translation>
    </message>
    <message>
        <source>Search exhibits</source>
        <translation>Asservate suchen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Take all filters away</source>
        <translation>Alle Filter wegnehmen</translation>
    </message>
    <message>
        <source>Any camera</source>
        <translation>Jede Kamera</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Likely AI</source>
        <translation>Wahrscheinlich KI</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Kein Anzeichen gefunden</translation>
    </message>
    <message>
        <source>Edited in part</source>
        <translation>Teilweise bearbeitet</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Still to examine</source>
        <translation>Noch offen</translation>
    </message>
    <message>
        <source>Order of the exhibits</source>
        <translation>Reihenfolge der Asservate</translation>
    </message>
    <message>
        <source>As added</source>
        <translation>Nach Eingang</translation>
    </message>
    <message>
        <source>Highest p first</source>
        <translation>Höchstes p zuerst</translation>
    </message>
    <message>
        <source>Lowest p first</source>
        <translation>Niedrigstes p zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>Best rated first</source>
        <translation>Bestbewertete zuerst</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>What stands together</source>
        <translation>Was beisammen steht</translation>
    </message>
    <message>
        <source>Not grouped</source>
        <translation>Nicht gruppiert</translation>
    </message>
    <message>
        <source>Grouped by verdict</source>
        <translation>Nach Einstufung gruppiert</translation>
    </message>
    <message>
        <source>Grouped by near-duplicate</source>
        <translation>Nach Fast-Dubletten gruppiert</translation>
    </message>
    <message>
        <source>Grouped by named generator</source>
        <translation>Nach genanntem Generator gruppiert</translation>
    </message>
    <message>
        <source>Grouped by folder</source>
        <translation>Nach Ordner gruppiert</translation>
    </message>
    <message>
        <source>Whether exhibits lie where error rates were measured</source>
        <translation>Ob Asservate dort liegen, wo Fehlerraten gemessen wurden</translation>
    </message>
    <message>
        <source>In and out of range</source>
        <translation>In und außer Bereich</translation>
    </message>
    <message>
        <source>In the measured range</source>
        <translation>Im gemessenen Bereich</translation>
    </message>
    <message>
        <source>Outside the range</source>
        <translation>Außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>Any rating</source>
        <translation>Jede Bewertung</translation>
    </message>
    <message>
        <source>1 star or more</source>
        <translation>Ab 1 Stern</translation>
    </message>
    <message>
        <source>{count} stars or more</source>
        <translation>Ab {count} Sternen</translation>
    </message>
    <message>
        <source>Least rating</source>
        <translation>Mindestbewertung</translation>
    </message>
    <message>
        <source>5 stars</source>
        <translation>5 Sterne</translation>
    </message>
    <message>
        <source>Folder the exhibits come from</source>
        <translation>Ordner, aus dem die Asservate stammen</translation>
    </message>
    <message>
        <source>Camera whose pattern was found</source>
        <translation>Kamera, deren Muster gefunden wurde</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Size of the cards</source>
        <translation>Größe der Karten</translation>
    </message>
    <message>
        <source>Size of the cards (Ctrl and + or −)</source>
        <translation>Größe der Karten (Strg und + oder −)</translation>
    </message>
    <message>
        <source>Grid or list</source>
        <translation>Raster oder Liste</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Alle Ordner</translation>
    </message>
</context>
<context>
    <name>TriagePlace</name>
    <message>
        <source>Comparing the pictures</source>
        <translation>Vergleichen der Bilder</translation>
    </message>
    <message>
        <source>No exhibit fits these filters</source>
        <translation>Kein Asservat passt zu diesen Filtern</translation>
    </message>
    <message>
        <source>Choose another verdict, a lower rating or fewer words, or show everything.</source>
        <translation>Eine andere Einstufung, eine niedrigere Bewertung oder weniger Worte wählen, oder alles zeigen.</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Take all filters away and show everything</source>
        <translation>Alle Filter wegnehmen und alles zeigen</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>Verdict</source>
        <translation>Einstufung</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Interval of the probability</source>
        <translation>Intervall der Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>How to read this</source>
        <translation>Wie das zu lesen ist</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Wie diese Einstufung zu lesen ist</translation>
    </message>
    <message>
        <source>What the terms mean, and what they do not (F1)</source>
        <translation>Was die Begriffe bedeuten und was nicht (F1)</translation>
    </message>
    <message>
        <source>Statement or conflict</source>
        <translation>Aussage oder Widerspruch</translation>
    </message>
    <message>
        <source>What the file and the verdict say together</source>
        <translation>Was Datei und Einstufung zusammen sagen</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Likelihood ratio</source>
        <translation>Likelihood-Quotient</translation>
    </message>
    <message>
        <source>Propositions</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>Error rates</source>
        <translation>Fehlerraten</translation>
    </message>
    <message>
        <source>Where the error rates were measured</source>
        <translation>Wo die Fehlerraten gemessen wurden</translation>
    </message>
    <message>
        <source>State of the picture</source>
        <translation>Zustand des Bilds</translation>
    </message>
    <message>
        <source>Examined by</source>
        <translation>Untersucht von</translation>
    </message>
    <message>
        <source>Being examined …</source>
        <translation>Wird untersucht …</translation>
    </message>
    <message>
        <source>The verdict comes with the heat map, the explanation while it is written.</source>
        <translation>Die Einstufung kommt mit der Wärmekarte, die Erklärung, während sie geschrieben wird.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Pictures before it: {count}.</source>
        <translation>Bilder davor: {count}.</translation>
    </message>
    <message>
        <source>Not examined yet.</source>
        <translation>Noch nicht untersucht.</translation>
    </message>
    <message>
        <source>Opening the result …</source>
        <translation>Das Ergebnis wird geöffnet …</translation>
    </message>
    <message>
        <source>Model {name} {hash}, {device}, {seconds} s</source>
        <translation>Modell {name} {hash}, {device}, {seconds} s</translation>
    </message>
    <message>
        <source>Likelihood ratio {ratio}. </source>
        <translation>Likelihood-Quotient {ratio}. </translation>
    </message>
    <message>
        <source>H1: made by a generator. H2: recorded by a camera.</source>
        <translation>H1: von einem Generator erzeugt. H2: von einer Kamera aufgenommen.</translation>
    </message>
    <message>
        <source>VERDICT</source>
        <translation>EINSTUFUNG</translation>
    </message>
    <message>
        <source>Why this verdict</source>
        <translation>Warum diese Einstufung</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Residua</source>
        <translation>Residua</translation>
    </message>
    <message>
        <source>{name} – Residua</source>
        <translation>{name} – Residua</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Vorsichtung</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>Untersuchen</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Choose an exhibit on the left.</source>
        <translation>Links ein Asservat wählen.</translation>
    </message>
    <message>
        <source>come with the verdict</source>
        <translation>kommen mit der Einstufung</translation>
    </message>
    <message>
        <source>The model looks at the picture …</source>
        <translation>Das Modell sieht sich das Bild an …</translation>
    </message>
    <message>
        <source>log-odds, for comparison: p does not rest on them</source>
        <translation>Log-Odds, zum Vergleich: p beruht nicht auf ihnen</translation>
    </message>
    <message>
        <source>Findings, marks and curve</source>
        <translation>Befunde, Vermerke und Kurve</translation>
    </message>
    <message>
        <source>What is shown below the picture</source>
        <translation>Was unter dem Bild gezeigt wird</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Vermerke</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Kurve</translation>
    </message>
    <message>
        <source>READ-OUTS</source>
        <translation>MESSWERTE</translation>
    </message>
    <message>
        <source>log-odds of “AI-generated”</source>
        <translation>Log-Odds für „KI-erzeugt“</translation>
    </message>
</context>
<context>
    <name>source</name>
    <message>
        <source>No rating</source>
        <translation>Keine Bewertung</translation>
    </message>
    <message>
        <source>1 star</source>
        <translation>1 Stern</translation>
    </message>
    <message>
        <source>{count} stars</source>
        <translation>{count} Sterne</translation>
    </message>
</context>
</TS>
