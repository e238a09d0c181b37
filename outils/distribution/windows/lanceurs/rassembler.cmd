@echo off
rem Rassemble les reponses deposees sur ce raccourci (fichiers ou repertoire).
setlocal EnableExtensions
chcp 65001 >nul
set "CPOMDOCS=%LOCALAPPDATA%\cpomdocs\env\Scripts\cpomdocs.exe"
if "%~1"=="" echo Deposer les reponses recues sur ce raccourci.& pause & exit /b 0
set "CPOM="
set /p "CPOM=Dossier CPOM (le glisser ici, puis Entree ; vide : celui des reponses) : "
if defined CPOM set "CPOM=%CPOM:"=%"
if defined CPOM goto :ailleurs
"%CPOMDOCS%" classeur rassembler %*
pause
exit /b 0
:ailleurs
"%CPOMDOCS%" classeur rassembler --dossier "%CPOM%" %*
pause
exit /b 0
